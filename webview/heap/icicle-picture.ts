import { decodeSlab } from '../../src/core/profile/slab';
import { functionAt, pathTo } from '../../src/core/profile/tables';
import { type FlameModel, flameModel } from '../../src/core/profile/views/flame-model';
import { functionIndex, nodeIndex } from '../../src/shared/brands';
import { formatBytes, formatCount, formatShare } from '../../src/shared/format';
import { type HeapIcicle, type HeapKind, heapKinds } from '../../src/shared/heap-query';
import type { HoveredBox } from '../chart/chart';
import type { BoxColours, ThemeKind } from '../chart/colours';
import type { Palette } from '../chart/palette';
import { children } from '../ui/aria-tree';
import type { TooltipLine } from '../ui/tooltip';
import { kindColours } from './kind-colours';

/** The boxes of an icicle, and which objects they are. Frames go by their index in the model. */
export interface IciclePicture {
  /** The object that the outermost box is. */
  readonly root: number;
  readonly model: FlameModel;
  /** Undefined for the frame of what is merged. */
  objectOf(frame: number): number | undefined;
  /** -1 where an object has no frame of its own. */
  frameOf(object: number | undefined): number;
  /** -1 above the outermost. */
  parentOf(frame: number): number;
  nameOf(frame: number): string;
  /** Frames from below the outermost to this one. */
  pathTo(frame: number): readonly number[];
}

/** The picture of what the snapshot's thread has prepared; undefined where that is damaged. */
export function iciclePicture(root: number, { slab, nodes }: HeapIcicle): IciclePicture | undefined {
  const tables = decodeSlab(slab);
  if (!tables.ok) return undefined;
  const model = flameModel(tables.value);
  return {
    root,
    model,
    objectOf(frame) {
      const node = nodes[frame];
      return node === undefined || node < 0 ? undefined : node;
    },
    frameOf: (object) => nodes.indexOf(object ?? -1),
    parentOf: (frame) => (model.tables.nodes.parent[frame] as number | undefined) ?? -1,
    nameOf: (frame) => frameName(model, frame),
    pathTo: (frame) => pathTo(model.tables.nodes, nodeIndex(frame)).slice(1),
  };
}

/** What a box of several objects says. */
export const mergedLabel = (count: number): string => `${formatCount(count)} smaller`;

function frameName({ tables }: FlameModel, frame: number): string {
  return functionAt(tables, functionIndex(tables.nodes.func[frame] as number)).name;
}

interface FrameWords {
  readonly name: string;
  readonly retained: string;
  readonly shallow: string;
}

/** What is said of a frame; shares are of `totalSize`, in bytes. */
export function frameWords(model: FlameModel, frame: number, totalSize: number): FrameWords {
  const words = (size: number): string => `${formatBytes(size)} · ${formatShare(size / Math.max(1, totalSize))}`;
  return {
    name: frameName(model, frame),
    retained: `retained ${words(model.span[frame] as number)}`,
    shallow: `shallow ${words(model.tables.nodes.self[frame] as number)}`,
  };
}

/** What a screen reader says of a frame. */
export function describeBox(model: FlameModel, frame: number, totalSize: number): string {
  const { name, retained, shallow } = frameWords(model, frame, totalSize);
  return `${name}, ${retained}, ${shallow}, ${formatCount(children(model, frame).length)} below`;
}

export function boxTooltip(picture: IciclePicture, { node, count, cost }: HoveredBox, totalSize: number): readonly TooltipLine[] {
  if (count > 1) return [{ text: mergedLabel(count), style: 'strong' }, { text: `${formatBytes(cost)} together. Select to zoom in.` }];
  const { name, retained, shallow } = frameWords(picture.model, node, totalSize);
  const isRest = picture.objectOf(node) === undefined;
  return [
    { text: name, style: 'strong' },
    { text: retained },
    isRest ? { text: 'Enter or a click shows them by themselves.', style: 'dim' } : { text: shallow },
  ];
}

/** A frame's kind stands in its function's column, which objects have no other use for. */
export function iciclePalette(theme: ThemeKind, { tables }: FlameModel): Palette {
  const known = new Map<number, BoxColours>();
  const edges = new Map<string, string | undefined>();
  return {
    of(func) {
      let colours = known.get(func);
      if (!colours) {
        const { name, column } = functionAt(tables, functionIndex(func));
        const kind: HeapKind = heapKinds[column] ?? 'other';
        colours = kindColours(theme, kind, name);
        known.set(func, colours);
        edges.set(colours.fill, colours.edge);
      }
      return colours;
    },
    hasEdges: theme.startsWith('hc'),
    edges,
  };
}
