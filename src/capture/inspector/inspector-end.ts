import type { InspectorSession } from './inspector';

/** Settles when the program has ended and only waits for its debuggers to leave; rejects if it dies at once. */
export function onEnd(inspector: InspectorSession): Promise<void> {
  const ended = new Promise<void>((resolve, reject) => {
    inspector.on('NodeRuntime.waitingForDisconnect', () => resolve());
    void inspector.closed.then(() => reject(new Error('the target is gone')));
  });
  ended.catch(() => {}); // awaited later, or not at all after Stop
  return ended;
}
