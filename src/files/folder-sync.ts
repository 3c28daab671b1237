import fs from 'node:fs';
import path from 'node:path';
import { isSilent } from './answering';
import { askElsewhere } from './elsewhere';
import { mayTouch } from './local-path';

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** What stands in a folder, its links not followed; nothing where it cannot be read. */
export function folderEntriesSync(folder: string): readonly FolderEntry[] {
  const asked = askElsewhere<readonly FolderEntry[]>(path.join(folder, '.'), 'folder', [folder]);
  if (asked) return asked === 'late' ? [] : asked.value;
  if (isSilent(folder)) return [];
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, kind: entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other' }));
  } catch {
    return []; // not ours to read
  }
}

/**
 * The folder that a file belongs to as a whole: the nearest repository above it, else the topmost package,
 * else the folder that it is in. Undefined for what may not be touched.
 */
export function projectFolder(file: string, own: readonly string[] = []): string | undefined {
  if (!path.isAbsolute(file) || !mayTouch(file, own)) return undefined;
  const asked = askElsewhere<string | undefined>(file, 'project', [file, own]);
  if (asked) return asked === 'late' ? undefined : asked.value;
  if (isSilent(file)) return undefined;
  const first = path.dirname(file);
  let topmost = first;
  for (let folder = first; ; folder = path.dirname(folder)) {
    if (isThere(path.join(folder, '.git'))) return folder;
    if (isThere(path.join(folder, 'package.json'))) topmost = folder;
    if (folder === path.dirname(folder)) return topmost;
  }
}

/** A link is there, wherever it leads: to follow it could ask another machine. */
function isThere(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false; // not ours to look at
  }
}
