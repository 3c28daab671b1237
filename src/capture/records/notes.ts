import fs from 'node:fs';
import path from 'node:path';

/** What the recorder should tell of how TypeScript was run; files are absolute. */
export interface TypescriptNote {
  readonly kind: 'metadata-without-typescript';
  /** The first file that it is true of. */
  readonly file: string;
  readonly tsconfig?: string | undefined;
  /** `not-found`: no package `typescript` there; `not-usable`: one that has no `transpileModule` or does not load. */
  readonly reason: 'not-found' | 'not-usable';
}

const notesFile = (transpiled: string): string => path.join(transpiled, 'notes.json');

/** Notes something once a tsconfig. The file is a JSON array; never anything in the program's output. */
export function note(transpiled: string, one: TypescriptNote): void {
  const file = notesFile(transpiled);
  const notes = readNotes(transpiled);
  if (notes.some(({ kind, tsconfig }) => kind === one.kind && tsconfig === one.tsconfig)) return;
  try {
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify([...notes, one]));
    fs.renameSync(`${file}.${process.pid}`, file);
  } catch {
    // The session is over.
  }
}

/** What has been noted in a session; empty without notes. */
export function readNotes(transpiled: string): readonly TypescriptNote[] {
  try {
    return JSON.parse(fs.readFileSync(notesFile(transpiled), 'utf8')) as TypescriptNote[];
  } catch {
    return [];
  }
}
