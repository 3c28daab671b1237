/**
 * How many elements the arrays, Maps and Sets of a program have, at each snapshot of a hunt.
 * A snapshot does not say: numbers are no objects, and what V8 holds ready for elements to
 * come is as large as the elements. So the program is asked, just before each snapshot, for
 * those that grew every time; their lengths are kept beside the last one:
 *
 *   NAME.lengths.json   [[id of the object in the snapshots, length, length, length], …]
 *
 * What is remembered between snapshots is weak, and gone before the last one. Each question
 * costs the program three garbage collections.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { InspectorSession } from '../../capture/inspector/inspector';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { fittingOf } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';

export type Lengths = readonly [number, number, number];

/** The fewest elements that count as growth. */
const LEAST = 3;
/** Collections that are remembered, the longest of each kind, and those that are told, which grew most. */
const MOST_KNOWN = 100_000;
const MOST_TOLD = 200;
const MOST_FILE = 1 << 20;
const GROUP = 'plateau-lengths';

const lengthsFile = (snapshot: string): string => `${snapshot.replace(/\.heapsnapshot(?:\.(?:gz|zst))?$/i, '')}.lengths.json`;

export interface LengthWatch {
  /** Before a snapshot is taken. */
  look(): Promise<void>;
  /** After the third one, beside it. */
  save(snapshot: string): Promise<void>;
}

/** `length` of arrays and `size` of the others, whatever the program has put in their place. */
const KINDS = [
  ['Array', 'o => o.length'],
  ['Map', 'o => size.call(o)'],
  ['Set', 'o => size.call(o)'],
] as const;

const sized = (lengthOf: string): string => `
  const size = Reflect.getOwnPropertyDescriptor(kind.prototype, 'size')?.get;
  const lengthOf = ${lengthOf};
  const each = (take) => { for (const o of this) { let length = -1; try { length = lengthOf(o); } catch {} if (length >= 0) take(o, length); } };`;

/** First: the longest are remembered; those that are not had \`floor\` at most. */
const remember = (lengthOf: string): string => `function (kind, most) {${sized(lengthOf)}
  let floor = -1;
  if (this.length > most) {
    const lengths = [];
    each((_, length) => lengths.push(length));
    floor = Float64Array.from(lengths).sort()[Math.max(0, lengths.length - most)] ?? -1;
  }
  const known = new WeakMap();
  each((o, length) => { if (length > floor) known.set(o, length); });
  return { known, floor };
}`;

/** Second: those that grew. */
const compare = (lengthOf: string): string => `function (kind, { known, floor }, least) {${sized(lengthOf)}
  const grown = new WeakMap();
  each((o, length) => {
    const before = known.get(o) ?? floor;
    if (before >= 0 && length - before >= least) grown.set(o, [before, length]);
  });
  return grown;
}`;

/** Third: those that grew again. */
const choose = (lengthOf: string): string => `function (kind, grown, least, most) {${sized(lengthOf)}
  const found = [];
  each((o, length) => {
    const before = grown.get(o);
    if (before && length - before[1] >= least) found.push({ o, lengths: [...before, length] });
  });
  found.sort((a, b) => b.lengths[2] - b.lengths[0] - (a.lengths[2] - a.lengths[0])).splice(most);
  return { objects: found.map(({ o }) => o), lengths: found.map(({ lengths }) => lengths) };
}`;

/** Watches one program over three snapshots. Where it cannot be asked, nothing is told, and snapshots have to do. */
export function watchLengths(inspector: InspectorSession): LengthWatch {
  let round = 0;
  let isAsked = true;
  let known: (string | undefined)[] = [];
  const told: (readonly [number, ...Lengths])[] = [];

  async function askAll(group: string): Promise<void> {
    const next: (string | undefined)[] = [];
    for (const [at, [kind, lengthOf]] of KINDS.entries()) {
      const before = known[at];
      const made = await ask(inspector, group, kind, (objects, type) => {
        const call = (declaration: string, ...args: unknown[]) => callOn(inspector, group, objects, declaration, [{ objectId: type }, ...args]);
        if (round === 1) return call(remember(lengthOf), { value: MOST_KNOWN });
        if (before === undefined) return Promise.resolve(undefined);
        const least = { value: LEAST };
        return round === 2 ? call(compare(lengthOf), { objectId: before }, least) : call(choose(lengthOf), { objectId: before }, least, { value: MOST_TOLD });
      });
      next.push(made);
      if (round === 3 && made !== undefined) told.push(...(await chosen(inspector, group, made)));
    }
    known = next;
  }

  return {
    async look() {
      round++;
      const group = `${GROUP}-${round}`;
      try {
        if (isAsked) await askAll(group);
      } catch {
        isAsked = false; // a target that ends, or has no such question
      }
      // What the round before has kept goes with it; the last keeps nothing.
      for (const one of round === 3 ? [`${GROUP}-2`, group] : [`${GROUP}-${round - 1}`])
        await inspector.send('Runtime.releaseObjectGroup', { objectGroup: one }).catch(() => {});
    },
    async save(snapshot) {
      if (isAsked && round === 3) await fs.writeFile(lengthsFile(snapshot), JSON.stringify(told), { mode: 0o600 }).catch(() => {});
    },
  };
}

/** All objects of a kind, for one question; the answer's handle. */
async function ask(
  inspector: InspectorSession,
  group: string,
  kind: string,
  question: (objects: string, type: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const handles: string[] = [];
  const handle = async (expression: string): Promise<string> => {
    const { result } = await inspector.send('Runtime.evaluate', { expression, objectGroup: group });
    if (result.objectId === undefined) throw new Error(`${expression} has no handle`);
    handles.push(result.objectId);
    return result.objectId;
  };
  try {
    const type = await handle(kind);
    const { objects } = await inspector.send('Runtime.queryObjects', { prototypeObjectId: await handle(`${kind}.prototype`), objectGroup: group });
    if (objects.objectId === undefined) return undefined;
    handles.push(objects.objectId);
    return await question(objects.objectId, type);
  } finally {
    for (const objectId of handles) await inspector.send('Runtime.releaseObject', { objectId }).catch(() => {});
  }
}

async function callOn(
  inspector: InspectorSession,
  group: string,
  objectId: string,
  functionDeclaration: string,
  args: readonly unknown[],
): Promise<string | undefined> {
  const { result, exceptionDetails } = await inspector.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration,
    arguments: args as { value?: unknown; objectId?: string }[],
    objectGroup: group,
    silent: true,
  });
  return exceptionDetails ? undefined : result.objectId;
}

/** What the third question gave, with the ids that the snapshots have. */
async function chosen(inspector: InspectorSession, group: string, objectId: string): Promise<(readonly [number, ...Lengths])[]> {
  const { result } = await inspector.send('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: 'function () { return this.lengths; }',
    returnByValue: true,
  });
  const lengths = result.value as Lengths[];
  const objects = await callOn(inspector, group, objectId, 'function () { return this.objects; }', []);
  if (lengths.length === 0 || objects === undefined) return [];
  const { result: properties } = await inspector.send('Runtime.getProperties', { objectId: objects, ownProperties: true });
  const told: (readonly [number, ...Lengths])[] = [];
  for (const { name, value } of properties) {
    const of = lengths[Number(name)];
    if (!of || value?.objectId === undefined) continue;
    const { heapSnapshotObjectId } = await inspector.send('HeapProfiler.getHeapObjectId', { objectId: value.objectId });
    told.push([Number(heapSnapshotObjectId), ...of]);
  }
  return told;
}

const integer = v.pipe(v.number(), v.safeInteger());
/** The id of an object, and its lengths. */
const lengthRow = v.strictTuple([integer, integer, integer, integer]);
const lengthTable = fittingOf(lengthRow);

/** What stands beside the last snapshot of a hunt, by id; undefined where nothing does: the program was not asked. */
export function readLengths(snapshot: string): ReadonlyMap<number, Lengths> | undefined {
  const file = lengthsFile(snapshot);
  const read = readRegularTextSync(file, { most: MOST_FILE, within: [path.dirname(file)] });
  const rows = read.ok ? fittingJson(read.value, lengthTable) : undefined;
  return rows && new Map(rows.map(([id, ...lengths]) => [id, lengths]));
}
