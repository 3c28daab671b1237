import type { ForeignFormat, ProfileIssue } from '../../../shared/issue';
import { err, ok, type Result } from '../../../shared/result';
import { cutJson } from '../../json/cut-json';
import { JsonScanner } from '../../json/json-scanner';
import { decodeText, MOST_HEAP, type ParsedJson, parseJson } from '../../json/json-values';
import { ScanStop } from '../../json/json-window';
import { TooMany } from '../../profile/limits';
import { readCpuProfile } from '../cpuprofile';
import { readCallgrind } from './callgrind';
import { looksLikeCallgrind } from './callgrind-parse';
import { readChromeTrace } from './chrome-trace';
import { looksCollapsed, readCollapsed } from './collapsed-read';
import { readFirefox } from './firefox';
import type { Import } from './imported';
import { readHeapProfile, readNestedCpuProfile } from './nested-tree';
import { looksLikeNodeProfText, readNodeProfJson, readNodeProfText } from './node-prof';
import { isOnlyPerfHeads, looksLikePerfScript, readPerfScript } from './perf-script';
import { beginsLikePprof, looksLikePprof, readPprof } from './pprof-read';
import { readSpeedscope } from './speedscope-read';
import { behindNoise, insideMessage, ofPart } from './surroundings';

export type { Import, ImportedProfile } from './imported';

/**
 * Reads a profile of any format, not compressed. What it is, the content says, never
 * the name: bytes that only one format begins with, the keys of a JSON object, the
 * shape of the first lines of a text. JSON that is none of these goes to the reader
 * of `.cpuprofile`, which says why it is none. `mostHeap` is what `JSON.parse` may take, bytes.
 */
export function readAnyProfile(bytes: Uint8Array, mostHeap = MOST_HEAP): Result<Import, ProfileIssue> {
  try {
    return readRecognised(bytes, mostHeap);
  } catch (error) {
    if (error instanceof TooMany) return err(error.issue);
    throw error;
  }
}

function readRecognised(bytes: Uint8Array, mostHeap: number): Result<Import, ProfileIssue> {
  const head = bytes.subarray(0, HEAD);
  const isWhole = bytes.length <= HEAD;
  if (isJson(head, isWhole)) return readJson(bytes, firstByte(bytes) === BRACKET, mostHeap);
  const foreign = foreignFormat(bytes);
  if (foreign) return err({ kind: 'not-a-cpu-profile', found: foreign, offset: 0 });
  if (looksLikePprof(bytes)) return readPprof(bytes, mostHeap);
  const readText = textReader(head, isWhole);
  if (readText) return readText(bytes);
  const part = head.includes(0) ? undefined : behindNoise(head);
  return part ? ofPart(readRecognised(bytes.subarray(part.start), mostHeap), part) : unknown(bytes);
}

/**
 * Whether a file that begins like this may be a profile; `head` has `HEAD` bytes or more.
 * Where not, `readAnyProfile` says of the head what it would say of the file.
 */
export function mayBeProfile(head: Uint8Array): boolean {
  const start = head.subarray(0, HEAD);
  if (isJson(start, false)) return !/^\ufeff?\s*[{[]\s*$/.test(decodeText(start)); // a bracket, and blanks without end
  return (
    foreignFormat(start) === undefined &&
    (beginsLikePprof(start) || textReader(start, false) !== undefined || (!start.includes(0) && behindNoise(start) !== undefined))
  );
}

/** What reads a text that begins like this; undefined where no format does. */
function textReader(head: Uint8Array, isWhole: boolean): ((bytes: Uint8Array) => Result<Import, ProfileIssue>) | undefined {
  if (head.includes(0)) return undefined; // no text
  const text = decodeText(head.subarray(0, 4096));
  if (looksLikeNodeProfText(text)) return readNodeProfText;
  if (looksLikeCallgrind(text)) return readCallgrind;
  if (looksLikePerfScript(head)) return readPerfScript;
  return looksCollapsed(head, isWhole) ? readCollapsed : undefined;
}

/** Whether a text begins like JSON. A stack may begin with a bracket too: `[main tid=1];run 3`, `{closure#0};run 3`. */
function isJson(head: Uint8Array, isWhole: boolean): boolean {
  const first = firstByte(head);
  if (first !== BRACE && first !== BRACKET) return false;
  const lineEnd = head.indexOf(0x0a, head.indexOf(first));
  const { stop } = cutJson(lineEnd < 0 ? head : head.subarray(0, lineEnd));
  return stop?.kind !== 'malformed' || textReader(head, isWhole) === undefined;
}

/** Enough for a hundred stacks: what a format is recognised by, in bytes. */
export const HEAD = 1 << 18;
const BRACE = 0x7b;
const BRACKET = 0x5b;

function firstByte(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return bytes[at] ?? 0;
}

const beginsWith = (bytes: Uint8Array, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
};

/** What we know and cannot read. Zip and UTF-16 are told by `readCpuProfile`. */
function foreignFormat(bytes: Uint8Array): ForeignFormat | undefined {
  // perf's magic number, as either byte order has it (tools/perf/Documentation/perf.data-file-format.txt).
  if (beginsWith(bytes, 'PERFILE2') || beginsWith(bytes, '2ELIFREP')) return 'perf-data';
  if (beginsWith(bytes, 'FLR\0')) return 'flight-recording';
  if (beginsWith(bytes, 'v8-version,') || beginsWith(bytes, 'shared-library,') || beginsWith(bytes, 'code-creation,')) return 'v8-log';
  return undefined;
}

function cpuProfile(bytes: Uint8Array): Result<Import, ProfileIssue> {
  const read = readCpuProfile(bytes);
  return read.ok ? ok({ format: 'cpuprofile', profiles: [{ name: 'CPU', built: read.value }], main: 0 }) : read;
}

/** What is no JSON and no other format either: zip and the like are named, of the rest there is nothing to say. */
function unknown(bytes: Uint8Array): Result<Import, ProfileIssue> {
  const head = bytes.subarray(0, HEAD);
  if (!head.includes(0) && isOnlyPerfHeads(head)) return err({ kind: 'not-a-cpu-profile', found: 'perf-heads', offset: 0 });
  const read = cpuProfile(bytes);
  return !read.ok && read.error.kind === 'not-json' ? err({ kind: 'not-a-cpu-profile', found: 'unknown', offset: read.error.offset }) : read;
}

function readJson(bytes: Uint8Array, isList: boolean, mostHeap: number): Result<Import, ProfileIssue> {
  if (isList) return isTraceList(bytes) ? parsed(bytes, readChromeTrace, mostHeap) : cpuProfile(bytes);
  const keys = topKeys(bytes);
  if (keys.has('nodes') || keys.has('snapshot')) return cpuProfile(bytes);
  if (keys.has('traceEvents')) return parsed(bytes, readChromeTrace, mostHeap);
  // Messages of the inspector's Tracing domain.
  if ((keys.has('value') || keys.has('params')) && isTraceList(bytes)) return parsed(bytes, readChromeTrace, mostHeap);
  if (keys.has('shared') && keys.has('profiles')) return parsed(bytes, readSpeedscope, mostHeap);
  if (keys.has('meta') && (keys.has('threads') || keys.has('processes'))) return parsed(bytes, readFirefox, mostHeap);
  if (keys.has('head')) return parsed(bytes, isHeapTree(bytes) ? readHeapProfile : readNestedCpuProfile, mostHeap);
  if (keys.has('code') && keys.has('functions')) return parsed(bytes, readNodeProfJson, mostHeap);
  if (keys.has('profile.meta') && !keys.has('profile.nodes')) return parsed(bytes, readFirefox, mostHeap);
  const part = keys.has('profile.nodes') ? undefined : insideMessage(bytes, isProfileOfV8);
  return part ? ofPart(readJson(bytes.subarray(part.start, part.end), false, mostHeap), part) : cpuProfile(bytes);
}

function isProfileOfV8(object: Uint8Array): boolean {
  const keys = topKeys(object);
  return keys.has('nodes') || keys.has('head');
}

type ReadValue = (value: unknown, warnings: ParsedJson['warnings']) => Result<Import, ProfileIssue>;

function parsed(bytes: Uint8Array, read: ReadValue, mostHeap: number): Result<Import, ProfileIssue> {
  const json = parseJson(bytes, mostHeap);
  if (!json.ok) return json;
  const { value, closing, warnings } = json.value;
  // A trace's list may lack its end: what wrote it could not know which event was the last.
  return read(value, closing === ']' ? [] : warnings);
}

/** The keys of the outermost object, and of one below `profile`; nothing else is read. "nodes" and "snapshot" decide at once. */
function topKeys(bytes: Uint8Array): Set<string> {
  const keys = new Set<string>();
  try {
    collectKeys(new JsonScanner(bytes), keys, '');
  } catch (error) {
    if (!(error instanceof ScanStop)) throw error; // it ends early: the keys so far must do
  }
  return keys;
}

function collectKeys(scan: JsonScanner, keys: Set<string>, prefix: '' | 'profile.'): void {
  const { bytes } = scan;
  if (!scan.enter(BRACE)) return;
  do {
    scan.peek('a key');
    const start = scan.position + 1;
    scan.key([]);
    const key = bytes.subarray(start, Math.min(scan.position, start + 40));
    const end = key.indexOf(0x22);
    const name = end < 0 ? '' : prefix + decodeText(key.subarray(0, end));
    keys.add(name);
    if (name === 'nodes' || name === 'snapshot' || name === 'traceEvents') return;
    if (name === 'profile' && scan.peek('a value') === BRACE) collectKeys(scan, keys, 'profile.');
    else scan.skip();
  } while (keys.size < 1000 && scan.more(BRACE));
}

const headText = (bytes: Uint8Array, length = 4096): string => decodeText(bytes.subarray(0, length));
const isTraceList = (bytes: Uint8Array): boolean => /"ph"\s*:/.test(headText(bytes));
const isHeapTree = (bytes: Uint8Array): boolean => /"selfSize"/.test(headText(bytes));
/**
 * Whether the first bytes of a file are those of a plain `.cpuprofile`, so that it can
 * be read piece by piece. What only might be one is read whole by `readAnyProfile`,
 * which comes to the same end.
 */
export function isPlainCpuProfile(head: Uint8Array): boolean {
  return firstByte(head) === BRACE && /^\ufeff?\s*\{\s*"(?:nodes|samples|timeDeltas)"\s*:/.test(headText(head));
}
