import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { findPatterns, type PatternFindings } from '../../src/service/patterns/pattern-findings';
import type { PatternScanner } from '../../src/service/patterns/pattern-scanner';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { fileLocator } from '../../src/source/maps/locate';
import { parseFunctions } from '../../src/source/parse/parse-functions';
import { dist } from './patterns';

/** A program, and who is on the stack of all samples. */
export interface Chain {
  readonly source: string;
  /** Functions that call each other in this order; `name@url` is one of another file, below `node_modules`. */
  readonly functions: readonly string[];
  /** A text of the line that has the last function's samples. */
  readonly hot: string;
  /** Functions that the last but one calls, too, with their samples. */
  readonly beside?: Readonly<Record<string, number>>;
  /** Samples of garbage collection, which stands under the root; each follows one of the last function. */
  readonly garbage?: number;
}

const SAMPLES = 400;

/** A function that is not in the text. */
const foreign = (text: string, file: string): { functionName: string; url: string; lineNumber: number; columnNumber: number } => {
  const [functionName = '', url = ''] = text.split('@');
  return {
    functionName,
    url: url.startsWith('node:') ? url : pathToFileURL(path.join(path.dirname(file), 'node_modules', url)).href,
    lineNumber: 9,
    columnNumber: 2,
  };
};

/** Writes the program and a profile of it into a folder, opens it, and searches it for patterns and causes. */
export async function searchChain(
  folder: string,
  name: string,
  { source, functions: chain, hot, beside = {}, garbage = 0 }: Chain,
  scanner: PatternScanner,
): Promise<{ readonly opened: OpenedProfile; readonly found: PatternFindings }> {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  const url = pathToFileURL(file).href;
  const functions = parseFunctions(source, file) ?? [];
  const line = source.split('\n').findIndex((text) => text.includes(hot)) + 1;
  expect(line).toBeGreaterThan(0);
  const frames = chain.map((wanted) => {
    if (wanted.includes('@')) return { scriptId: '2', ...foreign(wanted, file) };
    const found = functions.find((one) => one.name === wanted);
    if (!found) throw new Error(`no function ${wanted}`);
    return { functionName: wanted, scriptId: '1', url, lineNumber: found.v8Line, columnNumber: found.v8Column };
  });
  const all = [
    { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
    { functionName: '', scriptId: '1', url, lineNumber: 0, columnNumber: 0 },
    ...frames,
  ];
  const nodes = all.map((callFrame, i) => {
    const isLast = i === all.length - 1;
    return { id: i + 1, callFrame, hitCount: isLast ? SAMPLES : 0, children: isLast ? [] : [i + 2], positionTicks: isLast ? [{ line, ticks: SAMPLES }] : [] };
  });
  const samples = Array<number>(SAMPLES).fill(all.length);
  for (const [other, hits] of Object.entries(beside)) {
    const id = nodes.length + 1;
    nodes.push({ id, callFrame: { scriptId: '3', ...foreign(other, file) }, hitCount: hits, children: [], positionTicks: [] });
    nodes[all.length - 2]?.children.push(id);
    samples.push(...Array<number>(hits).fill(id));
  }
  if (garbage > 0) {
    const id = nodes.length + 1;
    nodes.push({
      id,
      callFrame: { functionName: '(garbage collector)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
      hitCount: garbage,
      children: [],
      positionTicks: [],
    });
    nodes[0]?.children.push(id);
    for (let i = 0; i < garbage; i++) samples.splice(2 * i + 1, 0, id);
  }
  const profile = path.join(folder, `${name}.cpuprofile`);
  writeFileSync(profile, JSON.stringify({ nodes, startTime: 0, endTime: samples.length * 1000, samples, timeDeltas: samples.map(() => 1000) }));
  const built = await readProfileFile(profile, {});
  if (!built.ok) throw new Error(built.error.kind);
  const opened = openProfile(profile, built.value, { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
  const found = await findPatterns(opened, { partsFolder: dist, scanner, readText: async (one) => readFileSync(one, 'utf8') });
  return { opened, found };
}
