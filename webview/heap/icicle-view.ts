import { type ChartCanvas, chartCanvas } from '../chart/chart-canvas';
import { flameChart } from '../chart/charts';
import { type AriaTree, ariaTree, children, sibling } from '../ui/aria-tree';
import { crumbButton, crumbMark, crumbTrail } from '../ui/breadcrumb';
import { button, el, setText } from '../ui/dom';
import { isMenuKey } from '../ui/page-keys';
import { boxTooltip, describeBox, frameWords, type IciclePicture, iciclePalette, iciclePicture, mergedLabel } from './icicle-picture';
import type { HeapContext, HeapPart } from './view';

/** The picture, the frame that has the focus, and the one that is zoomed to. */
interface Shown {
  picture: IciclePicture | undefined;
  selected: number;
  zoomed: number;
}

interface IcicleParts {
  readonly container: HTMLElement;
  readonly tree: AriaTree;
  readonly breadcrumb: HTMLElement;
  readonly canvas: ChartCanvas;
}

/** The tree of dominators as boxes as wide as what they retain. */
export function icicleView(context: HeapContext): HeapPart {
  const { store } = context;
  const container = el('div', { class: 'flame' });
  const tree = ariaTree('Retained size', (model, frame) => describeBox(model, frame, store.overview.totalSize), '');
  const breadcrumb = el('nav', { class: 'breadcrumb', 'aria-label': 'Zoomed objects' });
  const note = el('p', { class: 'view-note', hidden: '' });
  const shown: Shown = { picture: undefined, selected: 0, zoomed: 0 };
  const canvas = icicleCanvas(context, shown, container, {
    focus,
    choose: (frame) => moves.choose(frame),
    zoomTo: (frame) => moves.zoomTo(frame),
  });
  const moves = icicleMoves(context, shown, { container, tree, breadcrumb, canvas });
  const keys = icicleKeys(context, shown, canvas, moves);
  const ask = icicleLoader(context, note, draw);

  function focus(): void {
    tree.element.focus({ preventScroll: true });
  }

  function draw(picture: IciclePicture): void {
    shown.picture = picture;
    canvas.show({ ...flameChart(picture.model, false), merged: mergedLabel }, iciclePalette(context.theme(), picture.model));
    shown.zoomed = 0;
    shown.selected = Math.max(0, picture.frameOf(store.state.selected));
    moves.showBreadcrumb();
    moves.showFrame();
    if (shown.selected > 0) canvas.scrollToBox(shown.selected);
  }

  return {
    element: el('div', { class: 'view flame-view' }, breadcrumb, note, el('div', { class: 'graph' }, container, tree.element)),
    update(changed) {
      if (changed === undefined || changed.has('icicleRoot')) ask();
      const { picture } = shown;
      if (!picture) return;
      if (changed === undefined || changed.has('theme')) {
        canvas.setPalette(iciclePalette(context.theme(), picture.model));
        canvas.repaint();
      }
      if (changed?.has('selected')) moves.follow(picture.frameOf(store.state.selected));
    },
    onKey(event) {
      if (isMenuKey(event)) {
        const object = shown.picture?.objectOf(shown.selected);
        const bounds = container.getBoundingClientRect();
        const x = bounds.left + Math.max(8, canvas.boxOf(shown.selected)?.x ?? 8);
        if (object !== undefined) context.openObjectMenu(object, false, x, bounds.top + 40);
        return true;
      }
      const act = keys[event.key];
      if (!act || event.ctrlKey || event.metaKey || event.altKey) return false;
      act();
      return true;
    },
    focus,
  };
}

/** Asks for the picture of the object that the state names, and says so meanwhile; what another object's answer brings is left. */
function icicleLoader({ store, ask }: HeapContext, note: HTMLElement, draw: (picture: IciclePicture) => void): () => void {
  let asked: number | undefined;
  return () => {
    const { icicleRoot } = store.state;
    if (asked === icicleRoot) return;
    asked = icicleRoot;
    note.hidden = false;
    note.textContent = 'Drawing…';
    ask('icicle', { node: icicleRoot }).then(
      (answer) => {
        if (asked !== icicleRoot) return;
        const picture = iciclePicture(icicleRoot, answer);
        note.hidden = picture !== undefined;
        if (picture) draw(picture);
        else note.textContent = 'The picture cannot be drawn from what was prepared. Open the snapshot again.';
      },
      (error: Error) => {
        asked = undefined;
        setText(note, error.message);
      },
    );
  };
}

interface IcicleMoves {
  /** Selects what a frame is. */
  choose(frame: number): void;
  /** Brings a frame into sight, and selects it. */
  walk(frame: number): void;
  /** Moves the focus to what is selected elsewhere; -1 where it has no frame. */
  follow(frame: number): void;
  zoomTo(frame: number): void;
  showFrame(): void;
  showBreadcrumb(): void;
}

function icicleMoves(context: HeapContext, shown: Shown, { container, tree, breadcrumb, canvas }: IcicleParts): IcicleMoves {
  const { store } = context;

  function showFrame(): void {
    const { picture, selected } = shown;
    if (!picture) return;
    tree.focusNode(picture.model, selected);
    canvas.highlight({ selected: selected > 0 ? selected : -1, func: -1, matches: undefined, marks: new Map() });
    const { name, retained, shallow } = frameWords(picture.model, selected, store.overview.totalSize);
    context.showStatus([name, retained, shallow]);
  }

  function choose(frame: number): void {
    shown.selected = frame;
    const object = shown.picture?.objectOf(frame);
    if (object !== undefined) context.select(object);
    showFrame();
  }

  function zoomTo(frame: number): void {
    const { picture } = shown;
    if (!picture) return;
    const node = Math.max(0, frame);
    // What is merged is drawn by itself below its dominator, as the whole.
    if (picture.objectOf(node) === undefined) {
      const up = picture.objectOf(picture.parentOf(node));
      if (up !== undefined && up !== picture.root) store.set({ icicleRoot: up });
      return;
    }
    shown.zoomed = node;
    canvas.zoomTo(node === 0 ? undefined : node, true);
    showBreadcrumb();
  }

  function showBreadcrumb(): void {
    const { picture, zoomed } = shown;
    if (!picture) return;
    const isWhole = picture.root === 0;
    const crumbOf = (frame: number) => ({ label: picture.nameOf(frame), isCurrent: frame === zoomed, onChoose: () => zoomTo(frame) });
    breadcrumb.hidden = zoomed === 0 && isWhole;
    breadcrumb.replaceChildren(
      button('Show the whole snapshot', () => (isWhole ? zoomTo(0) : store.set({ icicleRoot: 0 })), { class: 'crumb' }, 'All'),
      ...(isWhole ? [] : [crumbMark(), crumbButton(crumbOf(0))]),
      ...crumbTrail(zoomed === 0 ? [] : picture.pathTo(zoomed), crumbOf),
    );
  }

  return {
    choose,
    walk(frame) {
      if (frame < 0 || !shown.picture) return;
      choose(frame);
      canvas.scrollToBox(frame);
      const box = canvas.boxOf(frame);
      if (box && (box.width < 3 || box.x + box.width <= 0 || box.x >= container.clientWidth)) zoomTo(shown.picture.parentOf(frame));
    },
    follow(frame) {
      if (frame < 0 || frame === shown.selected) return;
      shown.selected = frame;
      showFrame();
    },
    zoomTo,
    showFrame,
    showBreadcrumb,
  };
}

/** The canvas, and what the pointer does on it. */
function icicleCanvas(
  context: HeapContext,
  shown: Shown,
  container: HTMLElement,
  { focus, choose, zoomTo }: Pick<IcicleMoves, 'choose' | 'zoomTo'> & { focus(): void },
): ChartCanvas {
  const { tooltip, store } = context;
  return chartCanvas(container, {
    onHover: (box, x, y) => (box ? tooltip.show(shown.picture ? boxTooltip(shown.picture, box, store.overview.totalSize) : [], x, y) : tooltip.hide()),
    onClick(box, event) {
      focus();
      if (!box || !shown.picture) return;
      if (box.count > 1) return zoomTo(shown.picture.parentOf(box.node));
      choose(box.node);
      if (event.detail === 1) zoomTo(box.node);
    },
    onDoubleClick({ node, count }) {
      const object = shown.picture?.objectOf(node);
      if (count === 1 && object !== undefined) context.openSource(object);
    },
    onMenu({ node, count }, event) {
      const object = shown.picture?.objectOf(node);
      if (count > 1 || object === undefined) return;
      choose(node);
      context.openObjectMenu(object, false, event.clientX, event.clientY);
    },
  });
}

function icicleKeys({ store }: HeapContext, shown: Shown, canvas: ChartCanvas, { walk, zoomTo }: IcicleMoves): Readonly<Record<string, () => void>> {
  const up = (frame: number): number => shown.picture?.parentOf(frame) ?? -1;
  const beside = (step: 1 | -1) => () => {
    if (shown.picture) walk(sibling(shown.picture.model, shown.selected, step));
  };
  const zoomOut = (): void => zoomTo(up(shown.zoomed));
  return {
    ArrowDown: () => {
      if (shown.picture) walk(children(shown.picture.model, shown.selected)[0] ?? shown.selected);
    },
    ArrowUp: () => walk(up(shown.selected)),
    ArrowLeft: beside(-1),
    ArrowRight: beside(1),
    Enter: () => zoomTo(shown.selected),
    ' ': () => zoomTo(shown.selected),
    Escape: () => (shown.zoomed === 0 && shown.picture?.root !== 0 ? store.set({ icicleRoot: 0 }) : zoomOut()),
    Backspace: zoomOut,
    Home: () => zoomTo(0),
    '+': () => canvas.zoomBy(1.5),
    '=': () => canvas.zoomBy(1.5),
    '-': () => canvas.zoomBy(1 / 1.5),
  };
}
