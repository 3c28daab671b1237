import path from 'node:path';
import type { Protocol } from 'devtools-protocol';
import { urlToPath } from '../source/locate';

type Profile = Protocol.Profiler.Profile;
type Node = Protocol.Profiler.ProfileNode;

/** What stands for the hook, the loop and the TypeScript loader in a recording. */
export const ownFrame = { functionName: '(Plateau)', scriptId: '0', url: 'node:plateau', lineNumber: -1, columnNumber: -1 } as const;

/**
 * Folds what Plateau itself ran within the target into one `(Plateau)` frame a
 * stack, so that the user's frames stand where they would without it. Node.js
 * and native frames below count as Plateau's unless other code stands under
 * them. No sample is lost: each stays on the frame that takes its place.
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
  /** Row in `folded` for each row. */
  const target = new Int32Array(profile.nodes.length);
  for (const row of order) {
    const node = profile.nodes[row] as Node;
    const up = parent[row] as number;
    const isUnderOwn = up >= 0 && isOwn[up] === 1;
    if (up >= 0 && isOwnUrl(node.callFrame.url) && node.callFrame.functionName.endsWith('Through')) {
      isOwn[row] = isOwn[up] as number;
      target[row] = target[up] as number;
      add(folded[target[row] as number] as Node, node, false);
      continue;
    }
    isOwn[row] = isOwnUrl(node.callFrame.url) || (isUnderOwn && !hasOthers[row]) ? 1 : 0;
    if (isOwn[row] && isUnderOwn) {
      target[row] = target[up] as number;
      add(folded[target[row] as number] as Node, node, false);
      continue;
    }
    const callFrame = isOwn[row] ? ownFrame : node.callFrame;
    const { functionName, scriptId, url, lineNumber, columnNumber } = callFrame;
    const key = JSON.stringify([up < 0 ? -1 : target[up], functionName, scriptId, url, lineNumber, columnNumber]);
    const same = byKey.get(key);
    if (same !== undefined) {
      target[row] = same;
      add(folded[same] as Node, node, isOwn[row] === 0);
      continue;
    }
    target[row] = folded.length;
    byKey.set(key, folded.length);
    const { positionTicks, ...rest } = node;
    folded.push({ ...rest, callFrame, children: [], ...(positionTicks && !isOwn[row] ? { positionTicks } : {}) });
    if (up >= 0) folded[target[up] as number]?.children.push(node.id);
  }
  const idOf = new Map(profile.nodes.map(({ id }, row) => [id, (folded[target[row] as number] as Node).id]));
  return { ...profile, nodes: folded, ...(profile.samples ? { samples: profile.samples.map((id) => idOf.get(id) ?? id) } : {}) };
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
