import { readRegularTextSync } from '../../files/read-regular-sync';
import { formatBytes, formatCount } from '../../shared/format';
import { type HuntLeak, type HuntPlace, type HuntResult, leakPlace } from '../../shared/hunt';
import type { Recipe } from '../../shared/recipe';
import type { ReportedFinding, SourceRange } from '../../shared/reported-finding';
import { lineFingerprints } from '../../source/align-lines';
import { fileText } from '../export/place-text';
import type { FindingSource } from '../findings/finding-source';

/**
 * What a hunt found, as findings: each stands where the leak is kept, and a second time where it is
 * allocated. `file` is the result's; `roots` are the folders from which files are named.
 */
export function huntFindings(file: string, result: HuntResult, recipe: Recipe, roots: readonly string[]): FindingSource {
  const texts = sourceTexts(result.leaks, roots);
  const range = (place: HuntPlace): SourceRange => wordAt(place, texts.get(place.file));
  const times = new Map<string, number>();
  const uniqueId = (id: string): string => {
    const time = (times.get(id) ?? 0) + 1;
    times.set(id, time);
    return time === 1 ? id : `${id}#${time}`;
  };
  const findings = result.leaks.map((leak): ReportedFinding => {
    const { allocatedAt, retainedSize, counts, measure } = leak;
    const place = leakPlace(leak);
    const isLeak = leak.verdict === 'leak';
    const [one, , three] = counts;
    const isLarger = measure === 'bytes' || measure === 'elements';
    const size = formatBytes(retainedSize);
    const isSame = place?.file === allocatedAt?.file && place?.line === allocatedAt?.line;
    const allocated = allocatedAt && !isSame ? range(allocatedAt) : undefined;
    return {
      id: uniqueId(idOf(leak, roots)),
      rule: 'leak',
      origin: 'heap',
      level: isLeak ? 'error' : 'warning',
      title: `${isLeak ? 'Leak' : 'Growth'} of ${leak.className}`,
      summary: `${isLarger ? `It is ${size} larger after the hunt than before` : `${formatCount(three - one)} more are kept after the hunt than before, ${size}`}. ${leak.summary}.`,
      advice: isLarger ? 'Give it a limit, or start it again.' : 'Let go of each when it is done with, or give what keeps them a limit.',
      share: 0,
      margin: 0,
      cost: retainedSize,
      samples: three - one,
      functions: [],
      place: place && range(place),
      also: allocated && { place: allocated, message: `what this function allocates stays alive, ${size}.` },
      related: allocated ? [{ message: 'allocated in this function', place: allocated }] : [],
      page: undefined,
      fix: undefined,
    };
  });
  const sources = Object.fromEntries([...texts].map(([name, text]) => [name, lineFingerprints(text)]));
  return { file, findings, info: { recordedAt: result.recordedAt, recipe, sources } };
}

/** `leak:Session in sessions (Map)@src/app.ts`: the same in the next hunt, wherever the lines are then. */
function idOf(leak: HuntLeak, roots: readonly string[]): string {
  const { className, path, holderId } = leak;
  const place = leakPlace(leak);
  const holder = path.find(({ id }) => id === holderId) ?? path.at(-1);
  // What a plain object holds is data, and other in each run.
  const what = className.startsWith('{') ? 'Object' : className;
  return `leak:${what} in ${holder?.text.replaceAll('`', '') ?? '?'}${place ? `@${fileText(place.file, roots)}` : ''}`;
}

/** A larger source is generated. */
const MAX_SOURCE = 16 << 20;

/** The sources that leaks have places in, as they are now. One that cannot be read is left out. */
function sourceTexts(leaks: readonly HuntLeak[], roots: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const place of leaks.flatMap(({ retainedAt, allocatedAt }) => [retainedAt ?? [], allocatedAt ?? []].flat())) {
    if (texts.has(place.file)) continue;
    const read = readRegularTextSync(place.file, { most: MAX_SOURCE, own: roots });
    // Gone since: its findings stand where they were.
    if (read.ok) texts.set(place.file, read.value);
  }
  return texts;
}

/** The word that begins at a place, or its first character. */
function wordAt({ file, line, column }: HuntPlace, text: string | undefined): SourceRange {
  const content = text?.split(/\r\n|\n|\r/, line)[line - 1]?.slice(column - 1) ?? '';
  const [word] = /^[\p{ID_Continue}$#]+/u.exec(content) ?? [''];
  return { file, line, column, endLine: line, endColumn: column + Math.max(1, word.length) };
}
