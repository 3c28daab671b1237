import os from 'node:os';

/** The user's home folder; empty where the system knows none, as for a user number without an entry and without HOME. */
export function homeFolder(): string {
  try {
    return os.homedir();
  } catch {
    return '';
  }
}
