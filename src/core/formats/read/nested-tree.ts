import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import { err, type Result } from '../../../shared/result';
import { isJson, type Json, listOf, nameOf, numberOf, objectOf, positionOf, textOf } from '../../json/json-values';
import { buildTables } from '../../profile/build/build-tables';
import { RawProfile } from '../../profile/build/raw-profile';
import { Category } from '../../profile/categories';
import { type Import, imported } from './imported';

/**
 * The two formats of V8 that have a tree of objects below `head`:
 *
 *   .heapprofile (HeapProfiler.SamplingHeapProfile): what is allocated and still lives
 *     { head: { callFrame: { functionName, url, lineNumber, columnNumber }, selfSize, id, children }, samples: [{ size, nodeId, ordinal }] }
 *   .cpuprofile before 2016
 *     { head: { functionName, url, lineNumber, columnNumber, hitCount, id, children, positionTicks }, startTime, endTime, samples: [id…], timestamps: [µs…] }
 *
 * The old CPU profile counts lines and columns from 1 and its start and end are in
 * seconds. Walked without recursion; a tree may be as deep as the stacks were.
 */
export function readHeapProfile(value: unknown, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const file = objectOf(value);
  if (!isJson(file.head)) return err({ kind: 'nothing-in-it', format: 'heapprofile' });
  const raw = new RawProfile();
  raw.unit = 'bytes';
  // How often a node was sampled stands in `samples`, if at all.
  const hits = new Map<number, number>();
  for (const sample of listOf(file.samples)) {
    const id = numberOf(objectOf(sample).nodeId);
    hits.set(id, (hits.get(id) ?? 0) + 1);
  }
  let bad = 0;
  const scriptless = new Set<number>();
  const nameless = new Set<number>();
  const visit = (node: Json): Json => {
    const size = numberOf(node.selfSize, 0);
    const isSize = size >= 0 && size <= Number.MAX_SAFE_INTEGER;
    if (!isSize) bad++;
    raw.weight.push(isSize ? size : 0);
    raw.hitCount.push(hits.get(numberOf(node.id)) ?? (size > 0 ? 1 : 0));
    return objectOf(node.callFrame);
  };
  walk(file.head, raw, visit, (row, frame) => {
    if (textOf(frame.url) === '' && positionOf(frame.lineNumber, 0) < 0) (isScript(frame.scriptId) ? nameless : scriptless).add(row);
  });
  // V8 forgets url and place of a script that it has collected, but not that it was one.
  for (const row of nameless) if (!scriptless.has(row)) raw.functions.known.set(row, Category.User);
  return finish('heapprofile', raw, 'allocated', bad > 0 ? [...warnings, { kind: 'bad-costs', count: bad }] : warnings);
}

export function readNestedCpuProfile(value: unknown, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const file = objectOf(value);
  if (!isJson(file.head)) return err({ kind: 'nothing-in-it', format: 'nested-cpuprofile' });
  const raw = new RawProfile();
  const ids: number[] = [];
  walk(file.head, raw, (node) => {
    ids.push(numberOf(node.id));
    const hits = numberOf(node.hitCount, 0);
    raw.hitCount.push(hits >= 0 && hits < 0xffff_ffff ? hits : 0);
    for (const tick of listOf(node.positionTicks)) {
      const { line, ticks } = objectOf(tick);
      raw.tickNode.push(ids.length - 1);
      raw.tickLine.push(positionOf(line, 1) + 1);
      raw.tickCount.push(positionOf(ticks, 1) + 1);
    }
    const frame = isJson(node.callFrame) ? node.callFrame : undefined;
    return frame ?? { ...node, lineNumber: positionOf(node.lineNumber, 1), columnNumber: positionOf(node.columnNumber, 1) };
  });
  const rowOfId = new Map<number, number>();
  for (const [row, id] of ids.entries()) if (!rowOfId.has(id)) rowOfId.set(id, row);
  for (const sample of listOf(file.samples)) raw.sampleIds.push((rowOfId.get(numberOf(sample)) ?? Number.NaN) + 1);
  for (const time of listOf(file.timestamps)) raw.timestamps.push(numberOf(time, 0));
  if (raw.timestamps.length === 0) for (const delta of listOf(file.timeDeltas)) raw.timeDeltas.push(numberOf(delta, 0));
  // Stamps and the start may be of different clocks: the stamps have the last word.
  const first = raw.timestamps.length > 0 ? raw.timestamps.at(0) : Number.NaN;
  raw.startTime = numberOf(file.startTime) * 1e6;
  raw.endTime = numberOf(file.endTime) * 1e6;
  if (!(Math.abs(raw.startTime - first) < 60e6) && !Number.isNaN(first)) {
    raw.endTime = first + raw.endTime - raw.startTime;
    raw.startTime = first;
  }
  for (const key of ['startTime', 'endTime'] as const) if (!(Math.abs(raw[key]) <= Number.MAX_SAFE_INTEGER)) raw[key] = Number.NaN;
  return finish('nested-cpuprofile', raw, 'CPU', warnings);
}

/** V8 numbers scripts from 1; its own functions have the number 0. */
const isScript = (scriptId: unknown): boolean => (typeof scriptId === 'string' || typeof scriptId === 'number') && Number(scriptId) > 0;

/** Fills the node columns; ids are rows from 1, for those in the file may be missing or double. */
function walk(head: Json, raw: RawProfile, visit: (node: Json) => Json, onFunction?: (row: number, frame: Json) => void): void {
  const waiting: { node: Json; parent: number }[] = [{ node: head, parent: Number.NaN }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, parent } = next;
    const id = raw.ids.length + 1;
    const frame = visit(node);
    raw.ids.push(id);
    const func = raw.functions.internText(nameOf(frame.functionName), textOf(frame.url), positionOf(frame.lineNumber, 0), positionOf(frame.columnNumber, 0));
    raw.func.push(func);
    onFunction?.(func, frame);
    raw.deopt.push(0);
    raw.parentId.push(parent);
    raw.firstChild.push(0);
    const children = listOf(node.children);
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i];
      if (isJson(child)) waiting.push({ node: child, parent: id });
    }
  }
}

function finish(format: 'heapprofile' | 'nested-cpuprofile', raw: RawProfile, name: string, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const built = buildTables(raw);
  if (!built) return err({ kind: 'nothing-in-it', format });
  return imported(format, [{ name, built: { tables: built.tables, warnings: [...warnings, ...built.warnings] } }]);
}
