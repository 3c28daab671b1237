import { fileText } from '../service/export/place-text';
import { printable, shorten } from '../shared/format';

/** A file's path instead of its url, from the working folder where it is inside of it: shorter, and a terminal can open it. */
export function displayPlace(url: string, line: number): string {
  if (url === '') return '';
  const shown = fileText(url, [process.cwd()]);
  return shorten(printable(line > 0 ? `${shown}:${line}` : shown), 90);
}
