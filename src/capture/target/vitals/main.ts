/**
 * Loaded into a target by the hook, or into a running one through its inspector:
 * measures the program from inside until it is asked or ends. Takes
 * nothing from the program and leaves nothing in it but what `stop` takes away.
 */
import fs from 'node:fs';
import type { Vitals } from '../../../core/doctor/vitals';
import { now } from './clock';
import { operationLog } from './operations';
import { watchIncoming } from './watch-incoming';
import { watchOperations } from './watch-io';
import { watchLoop } from './watch-loop';

/** What the recorder finds on `globalThis`, under `Symbol.for('plateau.vitals')`. */
interface Handle {
  /** The measurements up to now, as JSON. */
  read(): string;
  stop(): void;
}

const key = Symbol.for('plateau.vitals');

/** Begins to measure. With a file, what there is goes into it every second and at the end, so that a crash keeps it. */
export function start(file?: string): void {
  if ((globalThis as Record<symbol, unknown>)[key]) return;
  const from = now();
  const log = operationLog();
  const unwatch = watchOperations(log);
  const incoming = watchIncoming();
  let isWritable = file !== undefined;
  const read = (isFinal: boolean): string => {
    const vitals: Vitals = { version: 1, from: Math.round(from), to: Math.round(now()), isFinal, ...loop.read(), ...log.read(), incoming: incoming.read() };
    return JSON.stringify(vitals);
  };
  const save = (isFinal: boolean): void => {
    if (!isWritable || file === undefined) return;
    try {
      fs.writeFileSync(`${file}.part`, read(isFinal));
      fs.renameSync(`${file}.part`, file);
    } catch {
      isWritable = false; // the recording is over
    }
  };
  const loop = watchLoop(() => save(false));
  const onExit = (): void => save(true);
  process.on('exit', onExit);
  const handle: Handle = {
    read: () => read(true),
    stop() {
      unwatch();
      incoming.stop();
      loop.stop();
      process.removeListener('exit', onExit);
      delete (globalThis as Record<symbol, unknown>)[key];
    },
  };
  Object.defineProperty(globalThis, key, { value: handle, configurable: true, enumerable: false });
}
