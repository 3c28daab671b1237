import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import { err, ok, type Result } from '../../../shared/result';
import { BRACE } from '../../json/json-parts';
import { JsonScanner } from '../../json/json-scanner';
import { decodeText } from '../../json/json-values';
import { ScanStop } from '../../json/json-window';
import type { Import } from './imported';

/**
 * What may stand around a profile in its file, and means nothing for it:
 *
 *   Testing v8 version different from logging version        said by node --prof-process, on the same stream
 *   > app@1.0.0 prof                                         said by npm run
 *   { "code": […], …
 *
 *   { "id": 5, "result": { "profile": { "nodes": […] } } }   the inspector's answer, saved as it came
 */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** Lines before `start`. */
  readonly lines: number;
}

/** Further down there is no first line. */
const MOST_BYTES = 1 << 13;
const MOST_LINES = 50;

/** Where the profile begins behind lines of other things; undefined where it begins at once, or not at all. */
export function behindNoise(bytes: Uint8Array): Part | undefined {
  const text = decodeLatin1(bytes.subarray(0, MOST_BYTES));
  let at = 0;
  for (let lines = 0; lines < MOST_LINES; lines++) {
    if (lines > 0 && startsProfile(text.slice(at, at + 200))) return { start: at, end: bytes.length, lines };
    const end = text.indexOf('\n', at);
    if (end < 0) return undefined;
    at = end + 1;
  }
  return undefined;
}

const startsProfile = (text: string): boolean => /^(?:\{\s*"|\[\s*\{\s*"|Statistical profiling result from )/.test(text);

/** A character a byte, so that places in the text are those of the bytes. */
const decodeLatin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/**
 * The value inside of a message of the V8 inspector: `result` or `params` of it, and
 * there the `profile`. `known` says whether an object with these keys is a profile.
 */
export function insideMessage(bytes: Uint8Array, known: (object: Uint8Array) => boolean): Part | undefined {
  let part: Part = { start: 0, end: bytes.length, lines: 0 };
  for (let level = 0; level < 3; level++) {
    const inner = objectAt(bytes.subarray(part.start, part.end), level === 0 ? ['result', 'params', 'profile'] : ['profile']);
    if (!inner) return undefined;
    part = { start: part.start + inner.start, end: part.start + inner.end, lines: 0 };
    if (known(bytes.subarray(part.start, part.end))) return part;
  }
  return undefined;
}

/** Where the object is that one of these keys of the outermost object has; where the text is cut, up to the end. */
function objectAt(bytes: Uint8Array, wanted: readonly string[]): { readonly start: number; readonly end: number } | undefined {
  const scan = new JsonScanner(bytes);
  let start = -1;
  try {
    if (scan.peek('{') !== BRACE || !scan.enter(BRACE)) return undefined;
    for (let keys = 0; keys < 100; keys++) {
      scan.peek('a key');
      const from = scan.position + 1;
      scan.key([]);
      const name = decodeText(bytes.subarray(from, Math.min(scan.position, from + 40))).split('"', 1)[0] as string;
      const isWanted = scan.peek('a value') === BRACE && wanted.includes(name);
      if (isWanted) start = scan.position;
      scan.skip();
      if (isWanted) return { start, end: scan.position };
      if (!scan.more(BRACE)) return undefined;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ScanStop)) throw error;
    return start < 0 ? undefined : { start, end: bytes.length };
  }
}

/** What was read of a part, with places in the whole file. */
export function ofPart(read: Result<Import, ProfileIssue>, { start, lines }: Part): Result<Import, ProfileIssue> {
  if (!read.ok) return err('offset' in read.error ? { ...read.error, offset: read.error.offset + start } : read.error);
  const { profiles } = read.value;
  const moved = (warning: ProfileWarning): ProfileWarning => {
    if (warning.kind === 'bad-lines') return { ...warning, first: warning.first + lines };
    return 'offset' in warning ? { ...warning, offset: warning.offset + start } : warning;
  };
  return ok({ ...read.value, profiles: profiles.map((one) => ({ ...one, built: { tables: one.built.tables, warnings: one.built.warnings.map(moved) } })) });
}
