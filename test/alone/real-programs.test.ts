import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnalyzeReport } from '../../src/service/export/report';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

const modules = path.join(root, 'node_modules');
const large = path.join(modules, 'typescript', 'lib', 'lib.dom.d.ts');

/** Programs that nobody here wrote, at work on large inputs. */
const programs: Readonly<Record<string, { readonly script: string; readonly hot: RegExp }>> = {
  'prettier format': {
    script: `import prettier from ${JSON.stringify(path.join(modules, 'prettier/index.mjs'))}; import { readFileSync, writeFileSync } from 'node:fs';
const text = readFileSync(${JSON.stringify(path.join(modules, 'terser/lib/compress/index.js'))}, 'utf8');
await prettier.format(text, { parser: 'babel' });`,
    hot: /prettier/,
  },
  'terser minify': {
    script: `import { minify } from ${JSON.stringify(path.join(modules, 'terser/main.js'))}; import { readFileSync, writeFileSync } from 'node:fs';
await minify(readFileSync(${JSON.stringify(path.join(modules, 'd3/dist/d3.js'))}, 'utf8'));`,
    hot: /terser/,
  },
  tsc: {
    script: `process.argv.push('--noEmit', '--skipLibCheck', 'false', '--lib', 'es2022,dom', '--types', '', ${JSON.stringify(large)});
await import(${JSON.stringify(path.join(modules, 'typescript/lib/_tsc.js'))});`,
    hot: /typescript/,
  },
};

interface RawNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number };
  children?: number[];
}

/**
 * Self and total by function, from the raw file and by another way than the
 * engine's: each sample's stack is walked, a set keeps recursion from counting twice.
 */
function independently(file: string): { self: Map<string, number>; total: Map<string, number>; sum: number } {
  const raw = JSON.parse(readFileSync(file, 'utf8')) as { nodes: RawNode[]; samples: number[]; timeDeltas: number[]; startTime: number; endTime: number };
  const byId = new Map(raw.nodes.map((node) => [node.id, node]));
  const parent = new Map<number, number>();
  for (const node of raw.nodes) for (const child of node.children ?? []) parent.set(child, node.id);
  const key = ({ callFrame: { functionName, url, lineNumber, columnNumber } }: RawNode) =>
    [functionName || '(anonymous)', url, lineNumber + 1, columnNumber + 1].join('\n');
  let now = raw.startTime;
  const timed = raw.samples.map((id, i) => {
    now += raw.timeDeltas[i] as number;
    return { id, at: now, i };
  });
  timed.sort((a, b) => a.at - b.at || a.i - b.i);
  const self = new Map<string, number>();
  const total = new Map<string, number>();
  let sum = 0;
  for (const [i, { id, at }] of timed.entries()) {
    const cost = (timed[i + 1]?.at ?? raw.endTime) - at;
    sum += cost;
    const leaf = byId.get(id) as RawNode;
    self.set(key(leaf), (self.get(key(leaf)) ?? 0) + cost);
    const onStack = new Set<string>();
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) onStack.add(key(byId.get(at) as RawNode));
    for (const name of onStack) total.set(name, (total.get(name) ?? 0) + cost);
  }
  return { self, total, sum };
}

/**
 * The profile of a machine on which the sampler always got its turn, without lines: so a function has just what V8
 * counted for it. What gaps and inlined functions change is in tests of their own.
 */
function plainProfile(file: string, out: string): void {
  const raw = JSON.parse(readFileSync(file, 'utf8')) as {
    nodes: (RawNode & { positionTicks?: unknown })[];
    timeDeltas: number[];
    startTime: number;
    endTime: number;
  };
  const last = raw.startTime + raw.timeDeltas.reduce((sum, one) => sum + one, 0);
  const tail = Math.min(raw.endTime - last, 5000);
  raw.timeDeltas = raw.timeDeltas.map((delta, i) => (i === 0 ? delta : Math.min(delta, 10_000)));
  raw.endTime = raw.startTime + raw.timeDeltas.reduce((sum, one) => sum + one, 0) + tail;
  for (const node of raw.nodes) delete node.positionTicks;
  writeFileSync(out, JSON.stringify(raw));
}

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

describe.each(Object.entries(programs))('%s', (name, { script, hot }) => {
  test('self and total of every function equal an independent calculation', async () => {
    const file = folder.file(`${name.replace(' ', '-')}.mjs`, script);
    const out = `${file}.plain.cpuprofile`;
    const recorded = await plateau(['record', '--interval', '500', '--out', `${file}.cpuprofile`, '--', 'node', file], { cwd: folder.path });
    expect(recorded.code, recorded.stderr).toBe(0);
    plainProfile(`${file}.cpuprofile`, out);
    const analyzed = await plateau(['analyze', out, '--json']);
    expect(analyzed.code, analyzed.stderr).toBe(0);
    const report = JSON.parse(analyzed.stdout) as AnalyzeReport;
    const expected = independently(out);

    const near = (actual: number, wanted: number) => Math.abs(actual - wanted) <= Math.max(1e-3 * wanted, 1e-6);
    const seen = new Set<string>();
    for (const one of report.functions) {
      const key = [one.name, one.url, one.line, one.column].join('\n');
      seen.add(key);
      expect([key, near(one.selfMs * 1000, expected.self.get(key) ?? 0), near(one.totalMs * 1000, expected.total.get(key) ?? 0)]).toEqual([key, true, true]);
    }
    expect([...expected.total.keys()].filter((key) => !seen.has(key))).toEqual([]);
    expect(report.functions.reduce((sum, one) => sum + one.selfMs * 1000, 0)).toBeCloseTo(expected.sum, 0);
    expect(report.functions.some((one) => hot.test(one.url) && one.selfPct > 0.5)).toBe(true);
    expect(report.samples).toBeGreaterThan(300);

    // The exports hold the same cost.
    const collapsed = await plateau(['export', out, '--to', 'collapsed']);
    const idle = report.idleMs * 1000;
    const weights = collapsed.stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
    expect(Math.abs(weights.reduce((a, b) => a + b, 0) - (expected.sum - idle))).toBeLessThanOrEqual(weights.length);
    const speedscope = JSON.parse((await plateau(['export', out, '--to', 'speedscope'])).stdout) as {
      profiles: { weights: number[]; samples: number[][]; endValue: number }[];
      shared: { frames: { name: string; file?: string; line?: number; col?: number }[] };
    };
    const [exported] = speedscope.profiles;
    const fromSpeedscope = new Map<string, number>();
    for (const [i, stack] of (exported?.samples ?? []).entries()) {
      const frame = speedscope.shared.frames[stack.at(-1) ?? -1];
      if (!frame) continue;
      const key = [frame.name, frame.file ?? '', frame.line ?? 0, frame.col ?? 0].join('\n');
      fromSpeedscope.set(key, (fromSpeedscope.get(key) ?? 0) + (exported?.weights[i] as number));
    }
    // What is passed on names files from the project.
    const expectedOf = (key: string): number => {
      const [name, file = '', ...place] = key.split('\n');
      const isMeant = (other: string): boolean => {
        const [otherName, otherFile = '', ...otherPlace] = other.split('\n');
        return otherName === name && otherPlace.join() === place.join() && (otherFile === file || (file !== '' && otherFile.endsWith(`/${file}`)));
      };
      return [...expected.self].filter(([other]) => isMeant(other)).reduce((sum, [, self]) => sum + self, 0);
    };
    for (const [key, cost] of fromSpeedscope) expect([key, near(cost, expectedOf(key))]).toEqual([key, true]);
    expect(exported?.endValue).toBeCloseTo(expected.sum, 3);
  });
});
