import type { ForeignFormat, ProfileIssue, ProfileWarning } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import { withFastScan } from '../json/fast-scan';
import { JsonScanner } from '../json/json-scanner';
import type { ByteSource, ScanStop } from '../json/json-window';
import { type BuiltProfile, buildTables } from '../profile/build/build-tables';
import type { RawProfile } from '../profile/build/raw-profile';
import { withGaps } from '../profile/costs/sampling-gaps';
import { TooMany } from '../profile/limits';
import { isOldBun, withBunFunctions } from './bun-lines';
import { CpuProfileReader, MOST_SAMPLES } from './cpuprofile-reader';

/**
 * `.cpuprofile`: V8's `Profiler.Profile` as JSON (Chrome DevTools Protocol, domain Profiler).
 *
 *   { nodes: [{ id, callFrame: { functionName, scriptId, url, lineNumber, columnNumber },
 *               hitCount, children: [id…] | parent: id, deoptReason, positionTicks: [{ line, ticks }] }],
 *     startTime, endTime, samples: [id…], timeDeltas: [µs…] }
 *
 * Call frames count lines and columns from 0, position ticks from 1. Keys may come
 * in any order. What cannot be read after the first node is a warning; the rest is kept.
 *
 * The bytes come whole or in pieces, through a window of `window` bytes; `size` is how many
 * there will be, where that is known. One pass;
 * memory is that of the tables and of what `RawProfile` has until they are built.
 */
export function readCpuProfile(
  input: Uint8Array | ByteSource,
  window?: number,
  { size = 0, mostSamples = MOST_SAMPLES } = {},
): Result<BuiltProfile, ProfileIssue> {
  try {
    return withFastScan((fast) => {
      const scan = new JsonScanner(input, window, fast);
      return readWith(scan, new CpuProfileReader(scan, size, mostSamples), mostSamples);
    });
  } catch (error) {
    if (error instanceof TooMany) return err(error.issue);
    throw error;
  }
}

function readWith(scan: JsonScanner, reader: CpuProfileReader, mostSamples: number): Result<BuiltProfile, ProfileIssue> {
  if (scan.head.length === 0) return err({ kind: 'empty-file' });
  const foreign = foreignBytes(scan.head);
  if (foreign) return err({ kind: 'not-a-cpu-profile', found: foreign, offset: 0 });
  const stop = reader.read();
  const { raw } = reader;
  if (raw.ids.length === 0) return err(emptyReason(reader, stop));
  if (isNameless(raw)) return err({ kind: 'not-a-cpu-profile', found: 'other-nodes', offset: reader.nodesOffset });
  if (isOldBun(scan.head)) withBunFunctions(raw);
  // What ran after the last sample that is kept is not known.
  if (reader.surplus > 0) raw.endTime = Number.NaN;
  const hasNoSamples = raw.sampleIds.length === 0;
  const whole = buildTables(raw);
  if (!whole) return err({ kind: 'no-nodes', offset: 0 });
  const built = withGaps(whole);
  const warnings: ProfileWarning[] = [];
  if (stop) {
    warnings.push(stop.kind === 'truncated' ? { kind: 'truncated', offset: stop.offset } : { kind: 'malformed', offset: stop.offset, expected: stop.expected });
  }
  if (reader.badValues > 0) warnings.push({ kind: 'bad-values', count: reader.badValues, offset: reader.firstBadValue });
  if (reader.surplus > 0) warnings.push({ kind: 'too-many-values', count: reader.surplus, limit: mostSamples });
  const own =
    stop && hasNoSamples ? [{ kind: 'no-samples', isCut: true } as const, ...built.warnings.filter(({ kind }) => kind !== 'no-samples')] : built.warnings;
  return ok({ tables: built.tables, warnings: [...warnings, ...own] });
}

/** Whether no node has a name, a file or a place: they are a graph's, not a profile's, whose root has a name. */
function isNameless({ ids, functions: { name, url, line } }: RawProfile): boolean {
  return ids.length > 1 && name.length === 1 && name.at(0) === 0 && url.at(0) === 0 && line.at(0) < 0;
}

function emptyReason(reader: CpuProfileReader, stop: ScanStop | undefined): ProfileIssue {
  if (reader.foreign) return { kind: 'not-a-cpu-profile', found: reader.foreign, offset: 0 };
  if (stop && !(reader.sawNodes && stop.kind === 'truncated')) {
    return { kind: 'not-json', offset: stop.offset, expected: stop.expected };
  }
  if (reader.sawNodes) return { kind: 'no-nodes', offset: reader.nodesOffset };
  return { kind: 'not-a-cpu-profile', found: 'unknown-json', offset: 0 };
}

function foreignBytes(bytes: Uint8Array): ForeignFormat | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip';
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'zip';
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return 'utf-16';
  return undefined;
}
