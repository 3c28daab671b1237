import type { Protocol } from 'devtools-protocol';

/**
 * Whether a value is a profile as V8 gives it: nodes that are a tree, with call frames whose
 * fields are of their types, and lists of numbers. By hand, for there may be millions of rows:
 * a schema takes ten times as long. O(nodes + samples), no recursion.
 */
export function isProfile(value: unknown): value is Protocol.Profiler.Profile {
  if (!isObject(value) || !Array.isArray(value.nodes) || value.nodes.length === 0) return false;
  if (!isNumber(value.startTime) || !isNumber(value.endTime)) return false;
  return areNumbers(value.samples) && areNumbers(value.timeDeltas) && value.nodes.every(isNode) && isTree(value.nodes);
}

function isNode(value: unknown): value is Protocol.Profiler.ProfileNode {
  if (!isObject(value) || !isNumber(value.id) || !isFrame(value.callFrame) || !areNumbers(value.children)) return false;
  const { hitCount, positionTicks, deoptReason } = value;
  if (hitCount !== undefined && !isNumber(hitCount)) return false;
  if (deoptReason !== undefined && typeof deoptReason !== 'string') return false;
  return (
    positionTicks === undefined ||
    (Array.isArray(positionTicks) && positionTicks.every((tick) => isObject(tick) && isNumber(tick.line) && isNumber(tick.ticks)))
  );
}

function isFrame(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { functionName, scriptId, url, lineNumber, columnNumber } = value;
  return (
    typeof functionName === 'string' &&
    typeof scriptId === 'string' &&
    typeof url === 'string' &&
    Number.isInteger(lineNumber) &&
    Number.isInteger(columnNumber)
  );
}

/** Each id once, each child known and of one parent, and the first node the root: no walk of it goes in circles. */
function isTree(nodes: readonly Protocol.Profiler.ProfileNode[]): boolean {
  const left = new Set(nodes.map(({ id }) => id));
  if (left.size !== nodes.length) return false;
  left.delete((nodes[0] as Protocol.Profiler.ProfileNode).id);
  return nodes.every(({ children }) => children === undefined || children.every((child) => left.delete(child)));
}

/** Whether a value is what V8 gives of sampled allocations. No recursion: it may be deeper than any stack. */
export function isHeapProfile(value: unknown): value is Protocol.HeapProfiler.SamplingHeapProfile {
  if (!isObject(value) || !isObject(value.head)) return false;
  if (!(value.samples === undefined || (Array.isArray(value.samples) && value.samples.every(isObject)))) return false;
  const open: unknown[] = [value.head];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!isObject(node) || !isFrame(node.callFrame) || !isNumber(node.selfSize) || !Array.isArray(node.children)) return false;
    for (const child of node.children as unknown[]) {
      if (!isObject(child)) return false;
      open.push(child);
    }
  }
  return true;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const areNumbers = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.every(isNumber));
