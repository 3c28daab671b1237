import path from 'node:path';
import { readVitals, type Vitals, type VitalsIssue } from '../../core/doctor/vitals';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { err, type Result } from '../../shared/result';
import type { LiveHeap } from '../records/captured';
import type { InspectorSession } from './inspector';

/** A full collection of more than this would keep a program standing for a second and more. */
const MAX_COLLECTED = 1e9;
const PATIENCE_MS = 5000;

const handle = `globalThis[Symbol.for('plateau.vitals')]`;

/** Loads the measuring part into a program that runs already. */
export async function injectVitals(inspector: InspectorSession, targetFolder: string): Promise<void> {
  const file = JSON.stringify(path.join(targetFolder, 'vitals.cjs'));
  await inspector.send('Runtime.evaluate', { expression: `require(${file}).start(), undefined`, includeCommandLineAPI: true });
}

/**
 * What the program measured up to now. Asked before the profile is stopped, so that
 * both end together. A program that has ended runs nothing any more: its file tells.
 */
export async function takeVitals(inspector: InspectorSession): Promise<string | undefined> {
  return evaluate(inspector, `${handle}?.read()`);
}

/** Leaves a running program without what was loaded into it. */
export async function stopVitals(inspector: InspectorSession, targetFolder: string): Promise<void> {
  const file = JSON.stringify(path.join(targetFolder, 'vitals.cjs'));
  const expression = `${handle}?.stop(), delete require.cache[${file}], undefined`;
  await within(inspector.send('Runtime.evaluate', { expression, includeCommandLineAPI: true }));
}

/** Collects all garbage, then asks for what is left. The program is over, or its recording is. */
export async function takeHeap(inspector: InspectorSession): Promise<LiveHeap | undefined> {
  // Asked of V8 itself: a program that has ended runs no code.
  const before = await within(inspector.send('Runtime.getHeapUsage'));
  if (!before || before.usedSize > MAX_COLLECTED) return undefined;
  // This collects all garbage first; `collectGarbage` would wait for an event loop that turns no more.
  const sampled = (await within(inspector.send('HeapProfiler.getSamplingProfile'))) ?? (await emptySampling(inspector));
  const after = await within(inspector.send('Runtime.getHeapUsage'));
  if (!after || !sampled) return undefined;
  return { used: after.usedSize, allocations: sampled.profile };
}

/** Nothing was sampled, neither by the program for the doctor nor by another tool. */
async function emptySampling(inspector: InspectorSession): Promise<Awaited<ReturnType<typeof inspector.send<'HeapProfiler.stopSampling'>>> | undefined> {
  await within(inspector.send('HeapProfiler.startSampling'));
  return within(inspector.send('HeapProfiler.stopSampling'));
}

/** A string that an expression gives; undefined where the program gives something else, throws, or is over. */
async function evaluate(inspector: InspectorSession, expression: string): Promise<string | undefined> {
  const given = await within(inspector.send('Runtime.evaluate', { expression, returnByValue: true }));
  return given && !given.exceptionDetails && typeof given.result.value === 'string' ? given.result.value : undefined;
}

const MAX_VITALS = 64 << 20;

/** From what the program answered, else from the file that it wrote last. */
export function vitalsFrom(answer: string | undefined, sessionFolder: string | undefined, pid: number): Result<Vitals, VitalsIssue> {
  if (answer !== undefined) return readVitals(answer);
  if (sessionFolder === undefined) return err({ kind: 'not-written' });
  const read = readRegularTextSync(path.join(sessionFolder, `${pid}.vitals.json`), { most: MAX_VITALS, within: [sessionFolder] });
  return read.ok ? readVitals(read.value) : err({ kind: 'not-written' });
}

/** An answer that may never come: the program may stand in native code, or be gone. */
async function within<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
