import Module from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StackFrame } from '../../../core/doctor/vitals';

/** How deep a stack is read, and how many frames of the user's are kept. */
const DEPTH = 24;
const KEPT = 6;
/** … of them of packages: the call into a client is above a dozen of its own. */
const KEPT_OF_PACKAGES = 3;
const ofPackage = /[\\/]node_modules[\\/]/;

interface Frame extends Omit<StackFrame, 'isMapped'> {
  /** Whether it is called to make a promise: the next frame, or one that awaits it, waits for what it begins. */
  isExecutor?: true;
}

/**
 * The frames of the program that lead to this call, the innermost first, with
 * those that await it. Costs about 10 µs, so the caller keeps count.
 */
export function callerFrames(): Frame[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  let sites: unknown;
  try {
    Error.stackTraceLimit = DEPTH;
    Error.prepareStackTrace = (_, raw) => raw;
    sites = new Error().stack;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
  if (!Array.isArray(sites)) return [];
  const frames: Frame[] = [];
  let packages = 0;
  for (const site of sites as NodeJS.CallSite[]) {
    const file = site.getFileName();
    const inner = frames.at(-1);
    if (inner && !file && site.getFunctionName() === 'Promise' && site.isConstructor()) inner.isExecutor = true;
    if (!file || file === __filename || file.startsWith('node:')) continue;
    if (ofPackage.test(file) && ++packages > KEPT_OF_PACKAGES) continue;
    frames.push({ file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0, name: site.getFunctionName() ?? '' });
    if (frames.length >= KEPT) break;
  }
  return frames;
}

/** Positions in the sources, where this process knows a source map (its TypeScript loader made the script). */
export function mapFrames(frames: readonly Frame[]): StackFrame[] {
  return frames.map(({ isExecutor: _, ...frame }) => {
    try {
      const file = frame.file.startsWith('file:') ? fileURLToPath(frame.file) : frame.file;
      const map = Module.findSourceMap(file) ?? Module.findSourceMap(frame.file);
      const entry = map?.findEntry(frame.line - 1, frame.column - 1);
      if (entry && 'originalLine' in entry && typeof entry.originalLine === 'number') {
        const source = entry.originalSource;
        const original = source.startsWith('file:') ? fileURLToPath(source) : path.resolve(path.dirname(file), source);
        return { ...frame, file: original, line: entry.originalLine + 1, column: entry.originalColumn + 1, isMapped: true };
      }
    } catch {
      // A damaged map: the position in the script has to do.
    }
    return { ...frame, isMapped: false };
  });
}
