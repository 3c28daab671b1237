import lodash from 'lodash';

const { cloneDeep, clamp } = lodash;

function move(shape, dx, dy) {
  shape.x = clamp(shape.x + dx, 0, 4000);
  shape.y = clamp(shape.y + dy, 0, 4000);
}

/** The state after an action; the given one stays as it is. */
export function reduce(state, action) {
  const next = cloneDeep(state);
  switch (action.type) {
    case 'select':
      next.selection = action.ids;
      break;
    case 'move':
      for (const id of next.selection) move(next.shapes[id], action.dx, action.dy);
      break;
    case 'rename':
      next.shapes[action.id].label.text = action.text;
      break;
    case 'zoom':
      next.view.zoom = clamp(next.view.zoom * action.factor, 0.1, 8);
      break;
  }
  return next;
}
