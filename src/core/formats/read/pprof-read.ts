import { type Line, type Location, Profile } from 'pprof-format';
import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import { err, type Result } from '../../../shared/result';
import { PairIndex } from '../../profile/build/pair-index';
import { StackBuilder } from '../../profile/build/stack-builder';
import { checkWire } from '../pprof-wire';
import { unitOf } from '../units';
import { type Import, type ImportedProfile, imported } from './imported';
import { type DroppedFrames, dropFrames } from './pprof-drop';

/**
 * pprof (github.com/google/pprof, proto/profile.proto), unpacked. A sample has a
 * stack of locations, leaf first, and a value for each sample type; a location has
 * a line for each function inlined there, the innermost first. A profile comes of
 * each sample type; where values of one are below zero, as in the difference of two
 * profiles, these are a profile of their own. The leaf's line gets the cost; lines of
 * callers are where they call, so functions stand at their own start line, where the
 * file has it. What the file says to leave out of stacks is left out (`pprof-drop.ts`).
 */
export function readPprof(bytes: Uint8Array, mostHeap = Number.POSITIVE_INFINITY): Result<Import, ProfileIssue> {
  const checked = checkWire(bytes);
  if (checked.heap > mostHeap) return err({ kind: 'too-heavy', needed: checked.heap, available: mostHeap });
  let profile: Profile;
  try {
    profile = Profile.decode(bytes.subarray(0, checked.end));
  } catch {
    return err({ kind: 'nothing-in-it', format: 'pprof' }); // what the check lets through and the decoder does not
  }
  if (profile.sampleType.length === 0) return err({ kind: 'nothing-in-it', format: 'pprof' });
  const warnings: ProfileWarning[] = checked.stop ? [checked.stop] : [];
  const strings = profile.stringTable.strings;
  const text = (index: number | bigint | undefined): string => strings[Number(index ?? 0)] ?? '';
  const types = profile.sampleType.slice(0, MAX_TYPES).map(({ type, unit }) => ({ type: text(type), unit: text(unit) }));
  const preferred = types.findIndex(({ type }) => type !== '' && type === text(profile.defaultSampleType));
  const rows = dropFrames(rowsOf(profile, text), text(profile.dropFrames), text(profile.keepFrames));
  if (rows.isUnread) warnings.push({ kind: 'unread-drop-frames' });
  const leftOut = profile.sampleType.length - types.length;
  if (leftOut > 0) warnings.push({ kind: 'unread-measures', count: leftOut });
  const profiles = types.flatMap(({ type, unit }, i) =>
    typeProfiles({ profile, rows, index: i, unit, counts: countIndex(types, i) }, type || `sample type ${i + 1}`, warnings),
  );
  // Without a default the last type is it: pprof's own rule.
  const main = types[preferred >= 0 ? preferred : types.length - 1]?.type;
  const first = profiles.findIndex(({ measure }) => measure === main);
  const isLess = first >= 0 && (profiles[first] as ImportedProfile).built.tables.nodes.total[0] === 0 && profiles[first + 1]?.measure === `${main}${LESS}`;
  return imported('pprof', profiles, isLess ? first + 1 : first);
}

/** Behind the name of a sample type whose values below zero these are. */
const LESS = ', less';

/** The profile of a sample type, and where it has values below zero one of these, without their sign. */
function typeProfiles(type: SampleType, name: string, warnings: readonly ProfileWarning[]): ImportedProfile[] {
  const more = buildType(type, 1, warnings);
  if (more.opposite === 0) return [{ name, measure: name, built: more.built }];
  const less = buildType(type, -1, []);
  const { unit } = more.built.tables;
  const told: ProfileWarning = { kind: 'difference', unit, more: more.sum, less: less.sum };
  return [
    { name, measure: name, built: { tables: more.built.tables, warnings: [told, ...more.built.warnings] } },
    { name: name + LESS, measure: name + LESS, built: { tables: less.built.tables, warnings: [told, ...warnings, ...less.built.warnings] } },
  ];
}

/** Real files have up to four; each one is a tree of its own. */
const MAX_TYPES = 16;
/**
 * A few bytes may name a location of many inlined functions again and again. Beyond
 * so many nodes for each location that samples name, a cost stays with the caller
 * that was reached: real files have one or two.
 */
const NODES_PER_LOCATION = 8;
const SPARE_NODES = 1_000_000;

/** Which value tells how many samples another one stands for: `samples` for cpu, `inuse_objects` for `inuse_space`; -1 for none. */
function countIndex(types: readonly { readonly type: string; readonly unit: string }[], index: number): number {
  const own = types[index] as { type: string; unit: string };
  if (own.unit === 'count') return index;
  const prefix = /^[a-z]+_/.exec(own.type)?.[0] ?? '';
  return types.findIndex(({ type, unit }) => unit === 'count' && (prefix === '' ? true : type.startsWith(prefix)));
}

type Id = number | bigint;
/** Ids are numbers where a number holds them, so that equal ids are one key. */
const idOf = (id: Id): Id => (typeof id === 'bigint' && id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : id);
/** Values are int64: the decoder gives them unsigned. */
const numberOfInt64 = (value: Id | undefined): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : (value ?? 0));

interface Frame {
  readonly name: string;
  readonly url: string;
  /** Of the function, from 1; 0 for none. */
  readonly startLine: number;
  /** That runs, from 1; 0 for none. */
  readonly line: number;
}

/** The frames of each location, outermost first. */
type Rows = Map<Id, readonly Frame[]>;

function rowsOf(profile: Profile, text: (index: Id | undefined) => string): Rows {
  const functions = new Map(profile.function.map((one) => [idOf(one.id), one] as const));
  const mappings = new Map(profile.mapping.map((one) => [idOf(one.id), one] as const));
  const lineOf = (value: Id): number => {
    const line = numberOfInt64(value);
    return line > 0 && line <= 0x7fff_fffe ? line : 0;
  };
  const framesOf = (location: Location): Frame[] => {
    if (location.line.length === 0) {
      const file = text(mappings.get(idOf(location.mappingId))?.filename);
      return [{ name: `0x${location.address.toString(16)}`, url: file, startLine: 0, line: 0 }];
    }
    return location.line
      .map(({ functionId, line }: Line): Frame => {
        const func = functions.get(idOf(functionId));
        const name = func ? text(func.name) || text(func.systemName) : '';
        return { name, url: func ? text(func.filename) : '', startLine: func ? lineOf(func.startLine) : 0, line: lineOf(line) };
      })
      .reverse();
  };
  return new Map(profile.location.map((location) => [idOf(location.id), framesOf(location)] as const));
}

interface SampleType {
  readonly profile: Profile;
  readonly rows: DroppedFrames<Id, Frame>;
  readonly index: number;
  /** As the file names it. */
  readonly unit: string;
  /** The sample type that counts the samples; -1 for none. */
  readonly counts: number;
}

/** What the values of one sign are, in the unit of the tables. */
function buildType({ profile, rows, index, unit: unitName, counts }: SampleType, sign: 1 | -1, warnings: readonly ProfileWarning[]) {
  const { unit, factor } = unitOf(unitName);
  const builder = new StackBuilder(unit);
  const functions = new Map<Frame, number>();
  const funcOf = (frame: Frame): number => {
    let func = functions.get(frame);
    if (func === undefined) {
      func = builder.func(frame.name, frame.url, frame.startLine - 1);
      functions.set(frame, func);
    }
    return func;
  };
  const missing: readonly Frame[] = [{ name: '(unknown node)', url: '', startLine: 0, line: 0 }];
  const indexOf = new Map(Array.from([...rows.frames.values(), missing], (frames, i) => [frames, i] as const));
  const walked = new PairIndex();
  const reached: number[] = [];
  const most = SPARE_NODES + NODES_PER_LOCATION * profile.sample.reduce((sum, { locationId }) => sum + locationId.length, 0);
  let unknown = 0;
  let opposite = 0;
  let sum = 0;
  for (const { locationId, value } of profile.sample) {
    const raw = sign * numberOfInt64(value[index]);
    if (raw < 0) opposite++;
    if (!(raw > 0)) continue; // a stack of another sample type, or of the other sign
    sum += raw * factor;
    let node = builder.root;
    let line = 0;
    let isKnown = true;
    let wasMissing = false;
    let isBelow = false;
    for (let at = locationId.length - 1; at >= 0; at--) {
      const id = idOf(locationId[at] as Id);
      const keep = rows.keepOf(id);
      // Nothing is left out up to the first frame that stays: the stack would be empty.
      if (keep === 'none' && isBelow) break;
      if (keep === 'whole') isBelow = true;
      const frames = rows.frames.get(id) ?? missing;
      if (frames === missing) {
        if (wasMissing) continue; // one stands for all in a row
        isKnown = false;
      }
      wasMissing = frames === missing;
      if (builder.raw.ids.length > most) break;
      // Each location below each node is walked once.
      const known = walked.length;
      const step = walked.intern(node, indexOf.get(frames) as number);
      if (step < known) {
        node = reached[step] as number;
        line = frames.at(-1)?.line ?? line;
      } else {
        for (const frame of frames) {
          if (node === builder.root && frame.name === '(root)' && frame.url === '') continue; // from V8's own tree
          node = builder.child(node, funcOf(frame));
          line = frame.line;
        }
        reached.push(node);
      }
      if (keep === 'end' && isBelow) break;
    }
    if (!isKnown) unknown++;
    const hits = Math.max(1, counts < 0 ? 1 : Math.abs(numberOfInt64(value[counts])));
    builder.add(node, raw * factor, hits);
    builder.addLine(node, line, raw * factor, hits);
  }
  const built = builder.build(unknown > 0 ? [...warnings, { kind: 'unknown-sample-nodes', count: unknown }] : warnings);
  return { built, opposite, sum };
}

/** Whether bytes are pprof's: whole fields of its message from the start, sample types first of all or soon. */
export function looksLikePprof(bytes: Uint8Array): boolean {
  if (!mayBeTag(bytes[0])) return false;
  const checked = checkWire(bytes);
  return checked.sampleTypes > 0 && (checked.end > 16 || checked.stop === undefined);
}

/** Whether the first bytes of a file may be pprof's; its sample types may still come. */
export function beginsLikePprof(head: Uint8Array): boolean {
  if (!mayBeTag(head[0])) return false;
  const checked = checkWire(head);
  return checked.stop?.kind !== 'malformed' || (checked.sampleTypes > 0 && checked.end > 16);
}

const mayBeTag = (first: number | undefined): boolean => first !== undefined && first <= 0x7a && (first & 7) % 2 === 0;
