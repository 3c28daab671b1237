import fs from 'node:fs';
import { textParts } from '../shared/code-text';
import { printable, printableLines } from '../shared/format';
import { outputFailed } from './broken-pipe';

/** Colours and progress where standard error is a terminal; plain lines where it is not. */
const isTerminal = process.stderr.isTTY === true;
const hasColour = (stream: NodeJS.WriteStream): boolean => stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';
const codes: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };

/** Text for standard output, styled only on a terminal. */
export const styled = (style: Style, text: string): string => (hasColour(process.stdout) ? `\x1b[${codes[style]}m${text}\x1b[0m` : text);

/** A sentence for standard output: code in it is bold on a terminal, and has no marks anywhere. */
export const styledCode = (sentence: string): string =>
  textParts(sentence)
    .map(({ text, isCode }) => (isCode ? styled('bold', text) : text))
    .join('');

/** A line on standard error that is replaced by the next one; nothing is shown where standard error is no terminal. */
export function progress(text: string): void {
  if (isTerminal) process.stderr.write(`\r\x1b[K${printable(text)}`);
}

/** A step of long work: like `progress` on a terminal, and a lasting line where it is none. */
export function step(text: string): void {
  if (isTerminal) progress(text);
  else process.stderr.write(`${printable(text)}\n`);
}

export function clearProgress(): void {
  if (isTerminal) process.stderr.write('\r\x1b[K');
}

/** A lasting line on standard error, or several. */
export function note(text: string): void {
  clearProgress();
  process.stderr.write(`${printableLines(text)}\n`);
}

/** Waits until everything is written, also into a slow pipe. Rejects with an `OutputError`, which has been told. */
export function write(text: string | Uint8Array): Promise<void> {
  return goesToFile() ? writeToFile(text) : writeToStream(text);
}

const writeToStream = (text: string | Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(outputFailed(error));
      else resolve();
    });
  });

let isFile: boolean | undefined;

function goesToFile(): boolean {
  isFile ??= fs.fstatSync(process.stdout.fd).isFile();
  return isFile;
}

/** Node.js' own stream takes it for written when a disk that gets full takes only a part. */
async function writeToFile(text: string | Uint8Array): Promise<void> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  try {
    for (let at = 0; at < bytes.byteLength; ) at += fs.writeSync(process.stdout.fd, bytes, at);
  } catch (error) {
    throw outputFailed(error);
  }
}
