import { Category } from '../../src/core/profile/categories';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import { StringInterner } from '../../src/core/profile/string-table';
import type { ProfileTables } from '../../src/core/profile/tables';
import { depthFirst } from '../../src/core/profile/tree-order';
import { flameModel } from '../../src/core/profile/views/flame-model';
import { invertTree } from '../../src/core/profile/views/invert';
import { neighbours } from '../../src/core/profile/views/neighbours';
import { isOwnCategory, type Transform, transformProfile } from '../../src/core/profile/views/transform';
import { functionIndex, microseconds } from '../../src/shared/brands';
import { rastersInSoftware } from '../chart/chart-boxes';
import { layoutFlame } from '../chart/flame-layout';

/** Rounds after which the engine has compiled what they run. */
const ROUNDS = 60;
/** What opening a profile waits for at most, if it comes meanwhile. */
const SLICE_MS = 8;
const NODES = 400;
const FUNCTIONS = 40;

/**
 * Does what opening and transforming a profile do, on a small one of its own, while the
 * page has nothing else to do. A JavaScript engine compiles only what has run for a
 * while: without this, the first transform of a large profile takes three times as long
 * as the next, and its first drawing waits for the interpreter.
 */
export function warmUp(): void {
  rastersInSoftware();
  const slab = encodeSlab(smallProfile());
  let at = 0;
  const slice = (): void => {
    const begun = performance.now();
    do step(slab, at++);
    while (at < ROUNDS * kinds.length && performance.now() - begun < SLICE_MS);
    if (at < ROUNDS * kinds.length) requestIdleCallback(slice);
  };
  requestIdleCallback(slice);
}

const kinds = ['none', 'focus-function', 'merge-function', 'drop-function', 'only-my-code', 'inverted'] as const;

function step(slab: ArrayBuffer, at: number): void {
  const decoded = decodeSlab(slab);
  if (!decoded.ok) return;
  const base = decoded.value;
  const func = 1 + (at % (FUNCTIONS - 1));
  const kind = kinds[at % kinds.length] as (typeof kinds)[number];
  const transforms: readonly Transform[] = kind === 'none' || kind === 'inverted' ? [] : [kind === 'only-my-code' ? { kind } : { kind, func }];
  const { tables } = transformProfile(base, undefined, transforms, isOwnCategory);
  const model = flameModel(kind === 'inverted' ? invertTree(tables).tables : tables);
  layoutFlame(model, { from: 0, to: model.width, width: 1000, firstRow: 0, lastRow: 40 }, () => {});
  neighbours(base, functionIndex(func));
}

/** A profile of a few hundred nodes, with everything that a large one has. */
export function smallProfile(): ProfileTables {
  const parent = new Int32Array(NODES);
  const self = new Float64Array(NODES);
  const hits = new Uint32Array(NODES).fill(1);
  const func = new Uint32Array(NODES);
  parent[0] = -1;
  for (let node = 1; node < NODES; node++) {
    parent[node] = (node * 7) % Math.ceil(node / 1.3);
    func[node] = 1 + ((node * 13) % (FUNCTIONS - 1));
    self[node] = 1000 + ((node * 131) % 900);
  }
  const { nodes } = depthFirst({ count: NODES, parent, root: 0 }, { self, hits, func });
  const start = new Float64Array(NODES);
  for (let i = 1; i < NODES; i++) start[i] = (start[i - 1] as number) + (nodes.self[i - 1] as number);
  const strings = new StringInterner();
  const column = (value: (func: number) => number): Uint32Array => Uint32Array.from({ length: FUNCTIONS }, (_, func) => value(func));
  const place = Int32Array.from({ length: FUNCTIONS }, (_, func) => func - 1);
  return {
    functions: {
      length: FUNCTIONS,
      name: column((func) => strings.intern(`f${func}`)),
      url: column((func) => strings.intern(`file:///f${func % 5}.js`)),
      line: place,
      column: place,
      category: Uint8Array.from(place, (func) => (func % 3 === 0 ? Category.Dependency : Category.User)),
      package: column((func) => strings.intern(`p${func % 3}`)),
    },
    strings: strings.finish(),
    nodes,
    samples: { length: NODES, node: Uint32Array.from({ length: NODES }, (_, node) => node), start },
    lines: { length: 0, node: new Uint32Array(0), line: new Uint32Array(0), ticks: new Uint32Array(0) },
    startTime: microseconds(0),
    endTime: microseconds((start[NODES - 1] as number) + (nodes.self[NODES - 1] as number)),
    unit: 'microseconds',
  };
}
