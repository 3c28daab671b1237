import { readRegularTextSync } from '../../files/read-regular-sync';
import { lineFingerprints } from '../../source/align-lines';
import type { RecordingInfo } from '../recordings/recording-info';

/** Source files as they were when they were profiled. */
export interface ProfiledTexts {
  /** The whole text; undefined where the file has changed since, is too large or cannot be read. */
  text(file: string): string | undefined;
  /** One line of it, counted from 1. */
  line(file: string, line: number): string | undefined;
}

/** Longer files are generated, and not worth reading for one line. */
const MAX_TEXT = 4 << 20;

/** Reads each file once. Without a recording's fingerprints, a file is taken to be what ran. */
export function profiledTexts(info: RecordingInfo | undefined, roots: readonly string[] = []): ProfiledTexts {
  const known = new Map<string, { readonly text: string; readonly lines: readonly string[] } | undefined>();
  const read = (file: string) => {
    if (!known.has(file)) {
      const text = unchangedText(file, info?.sources[file], roots);
      known.set(file, text === undefined ? undefined : { text, lines: text.split('\n') });
    }
    return known.get(file);
  };
  return { text: (file) => read(file)?.text, line: (file, line) => read(file)?.lines[line - 1] };
}

function unchangedText(file: string, recorded: readonly string[] | undefined, own: readonly string[]): string | undefined {
  const read = readRegularTextSync(file, { most: MAX_TEXT, own });
  if (!read.ok) return undefined; // gone since it was found
  if (!recorded) return read.value;
  const now = lineFingerprints(read.value);
  return now.length === recorded.length && now.every((line, i) => line === recorded[i]) ? read.value : undefined;
}
