/**
 * Loaded into every Node.js process of a recording with `--require`, before any
 * of its own code. Opens the inspector on a loopback port of the system's choice,
 * announces it in the session's folder, and waits until the recorder is attached.
 * Nothing here may throw into the program that is being profiled.
 */
import fs from 'node:fs';
import inspector from 'node:inspector';
import path from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { Announcement } from '../announcement';
import { isPackageManager } from './package-manager';

const folder = process.env.PLATEAU_SESSION;

if (folder && isMainThread && !isPackageManager(process.argv[1])) announce(folder);

function announce(session: string): void {
  const file = path.join(session, `${process.pid}.target`);
  const write = (announcement: Announcement): void => {
    fs.writeFileSync(`${file}.part`, JSON.stringify(announcement));
    fs.renameSync(`${file}.part`, `${file}.json`);
  };
  const about = { pid: process.pid, ppid: process.ppid, version: process.version, argv: process.argv, cwd: process.cwd() };
  try {
    if (!inspector.url()) inspector.open(0, '127.0.0.1', false);
    const url = inspector.url();
    if (!url) throw new Error('the inspector did not open');
    write({ kind: 'ready', url, ...about });
    keepProfileOnSignals();
    countWorkers(session);
    inspector.waitForDebugger();
  } catch (error) {
    try {
      write({ kind: 'failed', message: error instanceof Error ? error.message : String(error), ...about });
    } catch {
      // The session's folder is gone, so the recording is over: run as if this were not here.
    }
  }
}

/**
 * A signal's default action ends a process without a chance to hand over the
 * profile. While the program has no handler of its own, ours ends it in the
 * ordinary way, with the exit code that a shell shows for the signal.
 */
function keepProfileOnSignals(): void {
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  for (const [name, number] of Object.entries(signals) as [NodeJS.Signals, number][]) {
    const onSignal = (): void => {
      if (process.listenerCount(name) === 1) process.exit(128 + number);
      // Others decide; they may count the listeners to do so, and must not find this one.
      process.removeListener(name, onSignal);
    };
    try {
      process.on(name, onSignal);
    } catch {
      // Windows knows only some of them.
    }
  }
}

/** One byte a worker thread in a file beside the announcement, so that the user can be told of what is not recorded. */
function countWorkers(session: string): void {
  const file = path.join(session, `${process.pid}.workers`);
  process.on('worker', (worker) => {
    // Loaders run in threads of Node.js's own.
    if (worker.constructor.name !== 'Worker') return;
    try {
      fs.appendFileSync(file, '.');
    } catch {
      // The recording is over.
    }
  });
}
