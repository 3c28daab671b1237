import type { ProfileTables } from '../tables';
import { lineCosts } from './line-costs';

/** The text of a line (1-based) of the file at `url`; undefined where it is not known. */
export type TextOfLine = (url: string, line: number) => string | undefined;

/**
 * Microseconds of self time in which the thread stood still: in the synchronous calls of
 * child_process, and in Atomics.wait. V8 samples such a thread as if it computed.
 *
 * V8 shows the two in different ways (Node.js 20, 24 and 26 alike). A child process is waited for
 * in a frame of its own, `spawnSync` of node:internal/child_process, which all of them end in.
 * Atomics.wait has no frame: its time is the self time of the function that calls it. For what
 * Node.js itself waits for, its own loader thread, that is a function known by name. For other
 * code `textOf` tells whether the line that has the time calls it. Without the text nothing is
 * said to be waiting, nor in a line so long that much else stands in it.
 */
export function waitingTime(tables: ProfileTables, textOf: TextOfLine = () => undefined): number {
  if (tables.unit !== 'microseconds') return 0;
  const waits = waitsOf(tables);
  let waiting = 0;
  for (let node = 1; node < tables.nodes.length; node++) {
    if (isWaiting(tables, waits, node)) waiting += tables.nodes.self[node] as number;
  }
  return waiting + waitingInSource(tables, waits, textOf);
}

/** By call node 1 where the thread stands still in it, as far as frames tell. */
export function waitingNodes(tables: ProfileTables): Uint8Array {
  const waits = waitsOf(tables);
  const found = new Uint8Array(tables.nodes.length);
  for (let node = 1; node < found.length; node++) if (isWaiting(tables, waits, node)) found[node] = 1;
  return found;
}

/** By function 1 where its self time is a wait. */
function waitsOf({ functions, strings }: ProfileTables): Uint8Array {
  const waits = new Uint8Array(functions.length);
  for (let func = 0; func < functions.length; func++) {
    const url = strings.at(functions.url[func] as number);
    const name = strings.at(functions.name[func] as number);
    if (url === '' ? name === 'Atomics.wait' : waitsInNode.get(url)?.has(name)) waits[func] = 1;
  }
  return waits;
}

/** By file of Node.js, its functions whose self time is a wait. */
const waitsInNode: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['node:internal/child_process', new Set(['spawnSync'])],
  ['node:child_process', new Set(['spawnSync', 'execSync', 'execFileSync'])],
  // Of the loader of modules, for its hooks, which run in a thread of their own.
  ['node:internal/modules/esm/hooks', new Set(['waitForWorker', 'makeSyncRequest'])],
]);

/** A wait, or what is native right below one: the binding that it calls. */
function isWaiting({ nodes, functions }: ProfileTables, waits: Uint8Array, node: number): boolean {
  const func = nodes.func[node] as number;
  if (waits[func] === 1) return true;
  const parent = nodes.parent[node] as number;
  const isNative = functions.url[func] === 0 && (functions.line[func] as number) < 0;
  return isNative && parent > 0 && waits[nodes.func[parent] as number] === 1;
}

const callsWait = /\bAtomics\s*\??\.\s*wait\s*(?:\?\.)?\s*\(/;

/** A longer line is a bundle's: the time of all its code has one line number. */
const LONGEST_LINE = 300;

/** Lines below this part of the profile are not looked up. */
const LEAST = 0.001;

function waitingInSource(tables: ProfileTables, waits: Uint8Array, textOf: TextOfLine): number {
  const { functions, strings, nodes } = tables;
  const least = LEAST * (nodes.total[0] as number);
  let waiting = 0;
  for (const { func, line, self } of lineCosts(tables)) {
    if (self < least || self <= 0 || waits[func] === 1 || functions.url[func] === 0) continue;
    const text = textOf(strings.at(functions.url[func] as number), line);
    if (text !== undefined && text.length <= LONGEST_LINE && callsWait.test(text)) waiting += self;
  }
  return waiting;
}
