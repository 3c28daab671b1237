import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Announcement } from './announcement';
import { appendNodeOptions } from './node-options';

/** Files that are loaded into a target: `hook.cjs`, `vitals.cjs`, `typescript.cjs`, `hooks-thread.mjs`, `loop.mjs`; and esbuild's main file. */
export interface TargetFiles {
  readonly folder: string;
  readonly esbuild: string;
}

/** A private folder of one recording, in which its processes announce themselves. */
export interface RecordingSession {
  readonly folder: string;
  /** Where the loader keeps what it made of TypeScript. */
  readonly transpiled: string;
  /** What the environment of the launched command needs, given what its NODE_OPTIONS are. */
  environment(nodeOptions: string | undefined, typescript: boolean, measure?: boolean): Record<string, string>;
  /** Calls back for each announcement, once. */
  watch(onAnnouncement: (announcement: Announcement) => void): void;
  /** Reads what has been announced up to now. */
  poll(): void;
  /** How many worker threads a process has started. */
  workers(pid: number): number;
  dispose(): void;
}

const POLL_MS = 15;

export function openSession(files: TargetFiles): RecordingSession {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plateau-'));
  const transpiled = path.join(folder, 'js');
  fs.mkdirSync(transpiled);
  const seen = new Set<string>();
  let listener: ((announcement: Announcement) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const poll = (): void => {
    let names: string[];
    try {
      names = fs.readdirSync(folder);
    } catch {
      return; // disposed of meanwhile
    }
    for (const name of names) {
      if (!name.endsWith('.target.json') || seen.has(name)) continue;
      seen.add(name);
      listener?.(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Announcement);
    }
  };

  return {
    folder,
    transpiled,
    environment(nodeOptions, typescript, measure = false) {
      const flags = ['--inspect-publish-uid=http', '--require', path.join(files.folder, 'hook.cjs')];
      if (measure) flags.push('--require', path.join(files.folder, 'vitals.cjs'));
      if (typescript) flags.push('--import', pathToFileURL(path.join(files.folder, 'typescript.cjs')).href);
      return {
        NODE_OPTIONS: appendNodeOptions(nodeOptions, flags),
        PLATEAU_SESSION: folder,
        ...(measure ? { PLATEAU_VITALS: '1' } : {}),
        ...(typescript ? { PLATEAU_ESBUILD: files.esbuild, PLATEAU_TRANSPILED: transpiled } : {}),
      };
    },
    watch(onAnnouncement) {
      listener = onAnnouncement;
      // A file, not a socket, because a target announces itself before it can do anything
      // asynchronous; polling, because fs.watch differs on every system and 15 ms do not matter.
      timer = setInterval(poll, POLL_MS);
      poll();
    },
    poll,
    workers(pid) {
      try {
        return fs.statSync(path.join(folder, `${pid}.workers`)).size;
      } catch {
        return 0; // it has started none
      }
    },
    dispose() {
      clearInterval(timer);
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
