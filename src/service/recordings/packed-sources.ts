import type { RecordingInfo } from './recording-info';

type Sources = RecordingInfo['sources'];

/** Fingerprints of sources as one text a file: millions of short strings take long to go from thread to thread. */
export type PackedSources = Readonly<Record<string, string>>;

/** More sources, or longer ones, than are recorded or edited: they are left out. */
const MOST_FILES = 10_000;
const MOST_LINES = 500_000;

export function packSources(sources: Sources): PackedSources {
  const files = Object.entries(sources).slice(0, MOST_FILES);
  return Object.fromEntries(
    files
      .filter(([, lines]) => lines.length <= MOST_LINES && !lines.some((line) => line.includes('\n')))
      .map(([file, lines]) => [file, `${lines.length}\n${lines.join('\n')}`]),
  );
}

/** The same as lists, each made when it is asked for. */
export function unpackSources(packed: PackedSources): Sources {
  const sources = {};
  for (const [file, text] of Object.entries(packed)) {
    let lines: readonly string[] | undefined;
    const get = (): readonly string[] => {
      lines ??= text.startsWith('0\n') ? [] : text.slice(text.indexOf('\n') + 1).split('\n');
      return lines;
    };
    Object.defineProperty(sources, file, { enumerable: true, get });
  }
  return sources;
}

/** What is known of a recording, without its sources. */
export function withoutSources<I extends Pick<RecordingInfo, 'sources'>>(info: I): I {
  const { sources: _, ...rest } = info;
  return { ...rest, sources: {} } as I;
}
