import fs from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../files/read-regular';

/** Far more than anybody ignores. */
const MOST = 1 << 20;

/** The `.gitignore` of a folder, '' where there is none; undefined where it is no file of that folder, a link to elsewhere say, or cannot be read. */
async function readIgnored(root: string): Promise<string | undefined> {
  const read = await readRegularText(path.join(root, '.gitignore'), { most: MOST, within: [root] });
  if (read.ok) return read.value;
  return read.error.kind === 'missing' ? '' : undefined;
}

/** Whether `.gitignore` of `root` can take the folder `folder` (from `root`, with slashes) and does not name it yet. */
export async function canBeIgnored(root: string, folder: string): Promise<boolean> {
  const text = await readIgnored(root);
  return text !== undefined && !/[\r\n]/.test(folder) && !isIgnored(text, folder);
}

/** Adds the folder to `.gitignore`, as it is now. False where it is no file of this folder. Rejects with the system's error. */
export async function addIgnored(root: string, folder: string): Promise<boolean> {
  const text = await readIgnored(root);
  if (text === undefined) return false;
  if (isIgnored(text, folder)) return true;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const separator = text === '' || text.endsWith('\n') ? '' : newline;
  await fs.appendFile(path.join(root, '.gitignore'), `${separator}${folder}/${newline}`);
  return true;
}

const isIgnored = (text: string, folder: string): boolean =>
  text.split(/\r?\n/).some((line) => {
    const entry = line.trim().replace(/^\/|\/$/g, '');
    return entry !== '' && (entry === folder || folder.startsWith(`${entry}/`));
  });
