// Replays the recorded actions of a diagram editor and prints its last state.
import { initialState, recordedActions } from './actions.mjs';
import { reduce } from './reducer.mjs';

function summary(state) {
  const area = Object.values(state.shapes).reduce((sum, shape) => sum + shape.width * shape.height, 0);
  return `${Object.keys(state.shapes).length} shapes, ${Math.round(area)} square units, selected ${state.selection.join(' ') || 'nothing'}`;
}

let state = initialState(500);
const history = [];
for (const action of recordedActions(420)) {
  state = reduce(state, action);
  history.push({ type: action.type, selection: state.selection.length });
  if (history.length > 100) history.splice(0, 50);
}
console.log(summary(state));
