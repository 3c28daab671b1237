import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readRegularTextSync, statRegularFileSync } from '../files/read-regular-sync';
import type { FindingSource } from '../service/findings/finding-source';
import type { SourceParser } from '../service/support/source-parser';
import { alignLines, lineFingerprints } from '../source/align-lines';
import type { SourceFunction } from '../source/parse/parse-functions';

/** What the server knows of a source text: its functions, and where the profiled lines are now. */
export interface SourceText {
  readonly text: string;
  readonly functions: readonly SourceFunction[];
}

export const fileOfUri = (uri: string): string | undefined => {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
};

export const uriOfFile = (file: string): string => pathToFileURL(file).href;

/** Texts that are parsed, or being parsed. */
interface Parsed {
  readonly version: string;
  /** Of this text, once they are known, till then of the one before. */
  functions: readonly SourceFunction[];
  value: Promise<SourceText | undefined>;
}

export interface SourceCache {
  /** The open document's text, or the file's, with its functions: those of an earlier one where it cannot be parsed now, none where there are none. */
  text(file: string): Promise<SourceText | undefined>;
  /** The same text alone, without looking for functions in it. */
  plain(file: string): string | undefined;
  /** Whether a file is on this machine now. */
  isThere(file: string): boolean;
  /** Where each line of the profiled text stands now; undefined where nothing has changed or nothing is known. */
  aligned(profile: FindingSource, file: string): Int32Array | undefined;
  /** Forgets the state that a profile found its files in. */
  forgetBaselines(): void;
}

const isParsable = (file: string): boolean => /\.[cm]?[jt]sx?$/i.test(file);
/** Beyond this, nobody has written it, and its tree would fill the memory. */
const MAX_PARSED = 4 << 20;
/** A larger file is nothing that a person edits. */
const MAX_TEXT = 64 << 20;

export function sourceCache(
  documentOf: (uri: string) => TextDocument | undefined,
  roots: () => readonly string[],
  parser: Pick<SourceParser, 'functions'>,
): SourceCache {
  /** Files as they were read last: of many that are asked about, few change. */
  const read = new Map<string, { readonly version: string; readonly text: string }>();
  const parsed = new Map<string, Parsed>();
  const baselines = new Map<string, readonly string[] | undefined>();
  const alignments = new Map<string, { version: string; value: Int32Array | undefined }>();

  const current = (file: string): { version: string; text: string } | undefined => {
    const document = documentOf(uriOfFile(file));
    if (document) return { version: `v${document.version}`, text: document.getText() };
    const own = roots();
    const looked = statRegularFileSync(file, { own });
    if (!looked.ok) return undefined;
    const { mtimeNs, size } = looked.value.stat;
    const version = `${mtimeNs} ${size}`;
    const known = read.get(file);
    if (known?.version === version) return known;
    const text = readRegularTextSync(file, { most: MAX_TEXT, own });
    if (!text.ok) return undefined;
    const now = { version, text: text.value };
    read.set(file, now);
    if (read.size > 100) read.delete(read.keys().next().value as string);
    return now;
  };

  const text: SourceCache['text'] = async (file) => {
    const now = current(file);
    if (!now) return undefined;
    const known = parsed.get(file);
    if (known?.version === now.version) return known.value;
    // While the text does not parse at all, what it was last is the better guess.
    const entry: Parsed = { version: now.version, functions: known?.functions ?? [], value: Promise.resolve(undefined) };
    const parse = async (): Promise<SourceText> => {
      const found = isParsable(file) && now.text.length < MAX_PARSED ? await parser.functions(now.text, file) : [];
      if (found !== undefined && found !== 'late') entry.functions = found;
      return { text: now.text, functions: entry.functions };
    };
    entry.value = parse();
    parsed.delete(file);
    parsed.set(file, entry);
    if (parsed.size > 100) parsed.delete(parsed.keys().next().value as string);
    return entry.value;
  };

  /** Fingerprints from the recording; without them, the file as it was when first asked about. */
  const baseline = (profile: FindingSource, file: string): readonly string[] | undefined => {
    const recorded = profile.info?.sources[file];
    if (recorded) return recorded;
    const key = `${profile.file}\0${file}`;
    if (!baselines.has(key)) {
      const found = readRegularTextSync(file, { most: MAX_TEXT, own: roots() });
      baselines.set(key, found.ok ? lineFingerprints(found.value) : undefined);
    }
    return baselines.get(key);
  };

  return {
    text,
    isThere: (file) => statRegularFileSync(file, { own: roots() }).ok,
    plain: (file) => current(file)?.text,
    aligned(profile, file) {
      const before = baseline(profile, file);
      const now = current(file);
      if (!before || !now) return undefined;
      const key = `${profile.file}\0${file}`;
      const known = alignments.get(key);
      if (known?.version === now.version) return known.value;
      const after = lineFingerprints(now.text);
      const isSame = before.length === after.length && before.every((line, i) => line === after[i]);
      const value = isSame ? undefined : alignLines(before, after);
      alignments.set(key, { version: now.version, value });
      return value;
    },
    forgetBaselines() {
      baselines.clear();
      alignments.clear();
    },
  };
}
