import { folderEntriesSync, projectFolder } from './folder-sync';
import { isRegularFileSync, readRegularEndSync, readRegularFileSync, statRegularFileSync } from './read-regular-sync';

/** What the server's thread lets another do with files; in that one nothing is handed on. */
export const fileJobs = {
  stat: statRegularFileSync,
  isFile: isRegularFileSync,
  read: readRegularFileSync,
  end: readRegularEndSync,
  folder: folderEntriesSync,
  project: projectFolder,
} as const;
