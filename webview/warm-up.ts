import { Category } from '../src/core/profile/categories';
import { flameModel } from '../src/core/profile/flame-model';
import { invertTree } from '../src/core/profile/invert';
import { neighbours } from '../src/core/profile/neighbours';
import { decodeSlab, encodeSlab } from '../src/core/profile/slab';
import { StringInterner } from '../src/core/profile/string-table';
import type { ProfileTables } from '../src/core/profile/tables';
import { isOwnCategory, type Transform, transformProfile } from '../src/core/profile/transform';
import { depthFirst } from '../src/core/profile/tree-order';
import { functionIndex, microseconds } from '../src/shared/brands';
import { layoutFlame } from './flame-layout';

/** Rounds after which the engine has compiled what they run. */
const ROUNDS = 60;
const NODES = 400;
const FUNCTIONS = 40;

/**
 * Does what opening and transforming a profile do, on a small one of its own, while the
 * page has nothing else to do. A JavaScript engine compiles only what has run for a
 * while: without this, the first transform of a large profile takes three times as long
 * as the next, and its first drawing waits for the interpreter.
 */
export function warmUp(): void {
  const tables = smallProfile();
  let round = 0;
  const step = (deadline: IdleDeadline): void => {
    do runOnce(tables, round++);
    while (round < ROUNDS && deadline.timeRemaining() > 2);
    if (round < ROUNDS) requestIdleCallback(step);
  };
  requestIdleCallback(step);
}

function runOnce(tables: ProfileTables, round: number): void {
  const decoded = decodeSlab(encodeSlab(tables));
  if (!decoded.ok) return;
  const base = decoded.value;
  const func = 1 + (round % (FUNCTIONS - 1));
  const transforms: readonly Transform[] = [
    { kind: 'focus-function', func },
    { kind: 'merge-function', func },
    { kind: 'drop-function', func },
    { kind: 'only-my-code' },
  ];
  for (const list of [[], ...transforms.map((one) => [one])]) {
    const { tables: shown } = transformProfile(base, undefined, list, isOwnCategory);
    const model = flameModel(shown);
    layoutFlame(model, { from: 0, to: model.width, width: 1000, firstRow: 0, lastRow: 40 }, () => {});
  }
  flameModel(invertTree(base).tables);
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
