import path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import { urlToPath } from '../../source/maps/locate';

type Profile = Protocol.Profiler.Profile;
type Node = Protocol.Profiler.ProfileNode;

/** What stands for the hook, the loop and the TypeScript loader in a recording. */
const ownFrame = { functionName: '(Plateau)', scriptId: '0', url: 'node:plateau', lineNumber: -1, columnNumber: -1 } as const;

/** In the place of the hook's function that waits for the program (`target/recorder/name-waits.ts`). */
const waitFrame = { functionName: 'Atomics.wait', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 } as const;

/** Functions of the hook that only pass on a call; `Worker` stands for the class of that name (`target/recorder/reach-workers.ts`). */
const isPassedThrough = (name: string): boolean => name.endsWith('Through') || name === 'Worker';

/**
 * Takes what Plateau itself ran within the target out of the profile: its time is
 * idle, as if the program had waited meanwhile. Node.js and native frames below
 * count as Plateau's unless other code stands under them; above such code one
 * `(Plateau)` frame stays, without time of its own. No sample is lost.
 * What only passes a call on (`…Through`) is as if it were not there. `folders` hold
 * Plateau's own code. O(nodes), no recursion.
 */
export function foldOwnFrames(profile: Profile, folders: readonly string[]): Profile {
  const ours = folders.map((folder) => folder + path.sep);
  const known = new Map<string, boolean>();
  const isOwnUrl = (url: string): boolean => {
    let answer = known.get(url);
    if (answer === undefined) {
      const file = url === '' || url.startsWith('node:') ? undefined : urlToPath(url);
      answer = file !== undefined && ours.some((folder) => file.startsWith(folder));
      known.set(url, answer);
    }
    return answer;
  };
  if (!profile.nodes.some(({ callFrame }) => isOwnUrl(callFrame.url))) return profile;

  const rowOf = new Map(profile.nodes.map(({ id }, row) => [id, row]));
  const parent = new Int32Array(profile.nodes.length).fill(-1);
  for (const [row, { children = [] }] of profile.nodes.entries()) for (const child of children) parent[rowOf.get(child) as number] = row;
  const order = preorder(profile.nodes, rowOf);
  const hasOthers = new Uint8Array(profile.nodes.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at] as number;
    const { url } = (profile.nodes[row] as Node).callFrame;
    if (url !== '' && !url.startsWith('node:') && !isOwnUrl(url)) hasOthers[row] = 1;
    const up = parent[row] as number;
    if (up >= 0 && hasOthers[row]) hasOthers[up] = 1;
  }

  const isOwn = new Uint8Array(profile.nodes.length);
  const folded: (Node & { children: number[] })[] = [];
  const byKey = new Map<string, number>();
  /** Row in `folded` for each row, below which its children are; and the one that has its samples. */
  const target = new Int32Array(profile.nodes.length);
  const sampled = new Int32Array(profile.nodes.length);
  let hits = 0;
  for (const row of order) {
    const node = profile.nodes[row] as Node;
    const up = parent[row] as number;
    const isWait = up >= 0 && node.callFrame.functionName === 'waitBlocked' && isOwnUrl(node.callFrame.url);
    const isPassing = up >= 0 && isOwnUrl(node.callFrame.url) && isPassedThrough(node.callFrame.functionName);
    isOwn[row] = isPassing || isWait ? (isOwn[up] as number) : isOwnUrl(node.callFrame.url) || (up >= 0 && isOwn[up] === 1 && !hasOthers[row]) ? 1 : 0;
    if (isOwn[row]) {
      sampled[row] = IDLE;
      hits += node.hitCount ?? 0;
    }
    if (isPassing || (isOwn[row] && up >= 0 && (isOwn[up] || !hasOthers[row]))) {
      target[row] = target[up] as number;
      if (!isOwn[row]) {
        sampled[row] = target[row] as number;
        add(folded[target[row] as number] as Node, node, false);
      }
      continue;
    }
    const callFrame = isWait ? waitFrame : isOwn[row] ? ownFrame : node.callFrame;
    const { functionName, scriptId, url, lineNumber, columnNumber } = callFrame;
    const key = `${up < 0 ? -1 : target[up]} ${scriptId} ${lineNumber} ${columnNumber} ${functionName}\n${url}`;
    const same = byKey.get(key);
    target[row] = same ?? folded.length;
    if (!isOwn[row]) sampled[row] = target[row] as number;
    if (same !== undefined) {
      if (!isOwn[row]) add(folded[same] as Node, node, true);
      continue;
    }
    byKey.set(key, folded.length);
    const { positionTicks, ...rest } = node;
    folded.push({ ...rest, callFrame, children: [], ...(isOwn[row] ? { hitCount: 0 } : positionTicks ? { positionTicks } : {}) });
    if (up >= 0) folded[target[up] as number]?.children.push(node.id);
  }
  const idle = idleNode(folded, hits);
  const idOf = new Map(profile.nodes.map(({ id }, row) => [id, sampled[row] === IDLE ? idle : (folded[sampled[row] as number] as Node).id]));
  return { ...profile, nodes: folded, ...(profile.samples ? { samples: profile.samples.map((id) => idOf.get(id) ?? id) } : {}) };
}

/** In place of a row: of the node that V8 gives idle time to. */
const IDLE = -1;

/** The id of the idle node, which gets so many hits more; it is made where the profile has none. */
function idleNode(nodes: (Node & { children: number[] })[], hits: number): number {
  const root = nodes[0] as Node & { children: number[] };
  const children = new Set(root.children);
  const found = nodes.find(({ id, callFrame }) => children.has(id) && callFrame.functionName === '(idle)' && callFrame.url === '');
  if (found) {
    found.hitCount = (found.hitCount ?? 0) + hits;
    return found.id;
  }
  const id = nodes.reduce((most, one) => Math.max(most, one.id), 0) + 1;
  if (hits > 0) {
    root.children.push(id);
    nodes.push({ id, callFrame: { functionName: '(idle)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, hitCount: hits, children: [] });
  }
  return id;
}

function add(to: Node, from: Node, withTicks: boolean): void {
  to.hitCount = (to.hitCount ?? 0) + (from.hitCount ?? 0);
  if (!withTicks || !from.positionTicks) return;
  const ticks = new Map<number, number>();
  for (const { line, ticks: count } of [...(to.positionTicks ?? []), ...from.positionTicks]) ticks.set(line, (ticks.get(line) ?? 0) + count);
  to.positionTicks = [...ticks].map(([line, count]) => ({ line, ticks: count }));
}

function preorder(nodes: readonly Node[], rowOf: ReadonlyMap<number, number>): number[] {
  const order: number[] = [];
  const stack = [0];
  while (stack.length > 0) {
    const row = stack.pop() as number;
    order.push(row);
    const { children = [] } = nodes[row] as Node;
    for (let at = children.length - 1; at >= 0; at--) stack.push(rowOf.get(children[at] as number) as number);
  }
  return order;
}
