/**
 * Runs something when the thread is about to end, after all that the program itself does
 * then. Nothing of the program changes: a listener that is placed by `process.on` would
 * count for its limit of ten, and `process.emit` of our own would stand in its stack traces.
 * So the listener is put into the emitter's table, always as the last.
 */
import { isMainThread } from 'node:worker_threads';

type Listener = (...args: unknown[]) => void;
interface Emitter {
  _events: Record<string, Listener | (Listener & { listener?: Listener })[] | undefined>;
  _eventsCount: number;
}
type Exiting = { reallyExit?: (code?: number) => never; abort: () => never; execve?: (...args: unknown[]) => never };

export function atExit(finish: () => void): void {
  const emitter = process as unknown as Emitter;
  const last: Listener = () => finish();
  const remove = (): void => {
    const now = emitter._events.exit;
    if (now === last) {
      delete emitter._events.exit;
      emitter._eventsCount--;
    } else if (Array.isArray(now)) {
      const at = now.indexOf(last);
      if (at >= 0) now.splice(at, 1);
      if (now.length === 1) emitter._events.exit = now[0];
    }
  };
  const place = (): void => {
    remove();
    const now = emitter._events.exit;
    if (now === undefined) {
      emitter._events.exit = last;
      emitter._eventsCount++;
    } else if (Array.isArray(now)) now.push(last);
    else emitter._events.exit = [now as Listener, last];
  };
  place();
  const placeSoon = (): void => process.nextTick(place);
  process.on('newListener', (name) => {
    if (name !== 'exit') return;
    // With this one the program reaches its limit, and Node.js warns: it must count the program's own.
    const own = process.listenerCount('exit') - 1;
    const most = process.getMaxListeners();
    if (most > 0 && own + 1 > most) remove();
    placeSoon();
  });
  process.on('removeListener', (name, listener) => {
    if (name === 'exit' && listener === last) placeSoon();
  });

  const exiting = process as unknown as Exiting;
  before(exiting, 'reallyExit', finish);
  if (isMainThread) before(exiting, 'abort', finish);
}

function before(holder: Exiting, name: 'reallyExit' | 'abort', finish: () => void): void {
  const original = holder[name];
  if (typeof original !== 'function') return;
  holder[name] = function (this: unknown, ...args: unknown[]): never {
    finish();
    return Reflect.apply(original, this, args) as never;
  } as never;
}
