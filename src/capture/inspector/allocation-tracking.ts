import type { InspectorSession } from './inspector';

/**
 * Makes V8 note the stack of every allocation, until `endTracking` or the session ends.
 *
 * V8 gives ids to all objects 20 times a second meanwhile, and forgets the stack of an object
 * that has an id when it moves it (`HeapProfiler::ObjectMoveEvent`). So nothing may be moved
 * once it is old: without this, a program that ran for two seconds had no stack left.
 */
export async function startTracking(inspector: InspectorSession): Promise<void> {
  await setFlag(inspector, '--no-compact');
  await inspector.send('HeapProfiler.startTrackingHeapObjects', { trackAllocations: true });
}

/** Lets V8 compact its heap again: for what goes on running. The tracking itself ends with its snapshot or with the domain. */
export const endTracking = (inspector: InspectorSession): Promise<void> => setFlag(inspector, '--compact');

/** In Chrome nothing comes of it: its flags cannot be changed while it runs. */
async function setFlag(inspector: InspectorSession, flag: string): Promise<void> {
  const v8 = `(process.getBuiltinModule?.('node:v8') ?? process.mainModule?.require('node:v8'))`;
  await inspector.send('Runtime.evaluate', { expression: `typeof process === 'object' && ${v8}?.setFlagsFromString('${flag}')`, silent: true });
}
