import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Protocol } from 'devtools-protocol';
import { afterAll, describe, expect, test } from 'vitest';
import type { AnalyzeReport } from '../../src/service/export/report';
import { nodes, plateau, temporaryFolder } from '../support/run';

type Profile = Protocol.HeapProfiler.SamplingHeapProfile;

const folder = temporaryFolder({
  // Nothing refers to any function of it when it has ended, so V8 has dropped the script.
  'gone.cjs': `'use strict';
function make() {
  const all = [];
  for (let i = 0; i < 50_000; i++) all.push({ i, s: 'x' + i });
  return all;
}
const twice = [() => new Array(200_000).fill(1.5), () => new Array(200_000).fill(2.5)];
globalThis.kept = [make(), ...twice.map((one) => one())];
`,
});
afterAll(() => folder.remove());

const framesOf = (profile: Profile): Profile['head'][] => {
  const found: Profile['head'][] = [];
  const waiting = [profile.head];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    found.push(node);
    waiting.push(...node.children);
  }
  return found;
};
const read = (file: string): Profile => JSON.parse(readFileSync(path.join(folder.path, file), 'utf8')) as Profile;
const analyze = async (file: string): Promise<AnalyzeReport> =>
  JSON.parse((await plateau(['analyze', file, '--json'], { cwd: folder.path })).stdout) as AnalyzeReport;

describe.each(nodes())('allocations of a script that has been collected, Node.js $version', ({ version, path: node }) => {
  test('a recording names it, with the place of what only one function can be', { timeout: 30_000 }, async () => {
    const file = `${version}.heapprofile`;
    const { code, stderr } = await plateau(['record', '--type', 'heap', '--out', file, '--', node, 'gone.cjs'], { cwd: folder.path });
    expect(code, stderr).toBe(0);
    const frames = framesOf(read(file));
    const url = pathToFileURL(path.join(folder.path, 'gone.cjs')).href;
    const large = frames.filter(({ selfSize }) => selfSize > 1e6).map(({ callFrame }) => callFrame);
    // Both arrow functions have no name: which one is which, nobody can tell any more.
    expect(large.find(({ functionName }) => functionName === 'make')).toMatchObject({ url, lineNumber: 1, columnNumber: 13 });
    expect(large.filter(({ functionName }) => functionName === '')).toEqual([expect.objectContaining({ url, lineNumber: -1 })]);
    expect(frames.filter(({ callFrame }) => callFrame.functionName === '(IDLE)')).toEqual([]);
    const { functions, findings } = await analyze(file);
    expect(functions).toContainEqual(expect.objectContaining({ name: 'make', line: 2 }));
    expect(findings.map(({ rule }) => rule)).not.toContain('module-loading');
  });

  test('a file without its name, as Node.js 20 writes it, does not count it as the loading of modules', { timeout: 30_000 }, async () => {
    spawnSync(node, ['--heap-prof', '--heap-prof-dir', path.join(folder.path, version), 'gone.cjs'], { cwd: folder.path });
    const [name = ''] = readdirSync(path.join(folder.path, version));
    const file = path.join(version, name);
    const profile = read(file);
    const script = framesOf(profile).find(({ callFrame }) => callFrame.functionName === 'make')?.callFrame.scriptId;
    for (const { callFrame } of framesOf(profile)) if (callFrame.scriptId === script) Object.assign(callFrame, { url: '', lineNumber: -1, columnNumber: -1 });
    folder.file(file, JSON.stringify(profile));
    const { functions, findings } = await analyze(file);
    expect(functions).toContainEqual(expect.objectContaining({ name: 'make', url: '' }));
    expect(findings.map(({ rule }) => rule)).not.toContain('module-loading');
  });
});
