import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { afterAll, expect, test } from 'vitest';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { FunctionInterner } from '../../src/core/profile/build/raw-profile';
import { floatColumn } from '../../src/core/profile/growable';
import { limits, TooMany } from '../../src/core/profile/limits';
import { StringInterner } from '../../src/core/profile/string-table';
import { loadOwnRules, rulesFolder, stampOfRules } from '../../src/service/patterns/own-rules';
import { patternScanner } from '../../src/service/patterns/pattern-scanner';
import { describeProfileIssue } from '../../src/service/profile/describe-profile-issue';
import { readProfileFile } from '../../src/service/profile/read-profile';
import type { Counted } from '../../src/shared/issue';
import { weighJson, weighText } from '../../src/shared/json-weight';
import { readJson } from '../../src/shared/schemas/read-json';
import { mapBudget, sourceMapOf } from '../../src/source/maps/source-maps';
import { root as repository, temporaryFolder } from '../support/run';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('functions, names and nodes beyond a limit end the reading with what there is too much of', () => {
  const functions = new FunctionInterner(new StringInterner(), 2);
  expect([functions.intern(0, 0, 1, 0), functions.intern(0, 0, 2, 0), functions.intern(0, 0, 1, 0)]).toEqual([0, 1, 0]);
  expect(() => functions.intern(0, 0, 3, 0)).toThrow(new TooMany('functions', 2));
  const strings = new StringInterner(2);
  expect([strings.intern('a'), strings.intern('b'), strings.intern('a')]).toEqual([1, 2, 1]);
  expect(() => strings.intern('c')).toThrow(new TooMany('strings', 2));
  const nodes = floatColumn(undefined, 20, () => {
    throw new TooMany('nodes', 20);
  });
  for (let i = 0; i < 20; i++) nodes.push(i);
  expect(() => nodes.push(20)).toThrow(new TooMany('nodes', 20));
  expect(() => nodes.append(new Float64Array(1))).toThrow(TooMany);
});

test('a file with more threads than a list can hold is refused', () => {
  const profile = '{"type":"sampled","name":"t","unit":"none","samples":[],"weights":[]}';
  const file = (count: number): Uint8Array => text(`{"shared":{"frames":[]},"profiles":[${`${profile},`.repeat(count - 1)}${profile}]}`);
  expect(readAnyProfile(file(limits.threads + 1))).toEqual({ ok: false, error: { kind: 'too-many', of: 'threads', limit: limits.threads } });
});

test('lists within lists are counted, brackets in texts are not', () => {
  expect(weighJson(text('{"a":[[1],[2,"]]}\\"["]]}')).levels).toBe(3);
  const deep = text(`{"traceEvents":${'['.repeat(9 << 20)}`);
  expect(readAnyProfile(deep)).toEqual({ ok: false, error: { kind: 'too-many', of: 'levels', limit: limits.levels } });
});

test('the weight of a text is more than what JSON.parse takes for it', () => {
  const texts = [
    `[${'{},'.repeat(200_000)}{}]`,
    `[${'[],'.repeat(200_000)}[]]`,
    `[${'1.5,'.repeat(200_000)}1]`,
    `[${Array.from({ length: 100_000 }, (_, i) => `"text ${i}"`).join()}]`,
    `[${Array.from({ length: 50_000 }, (_, i) => `{"name":"n${i}","ts":${i}.25,"args":{"data":[${i}]}}`).join()}]`,
  ];
  for (const one of texts) {
    const weight = weighJson(text(one)).heap;
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const value = JSON.parse(one) as unknown[];
    const taken = process.memoryUsage().heapUsed - before;
    expect(value.length).toBeGreaterThan(10_000);
    expect(weight, one.slice(0, 30)).toBeGreaterThan(taken * 0.9);
  }
});

test('JSON that is read at once is weighed before', () => {
  // 40 MB on disk, and more than a gigabyte in memory.
  const lists = `[${'[],'.repeat(20 << 20)}[]]`;
  expect(readJson(lists, v.array(v.unknown()))).toEqual({ ok: false, error: { kind: 'unfit', at: '', expected: 'a smaller text' } });
  const long = JSON.stringify(['x'.repeat(40 << 20), '[{"]}'.repeat(9)]);
  expect(readJson(long, v.array(v.string())).ok).toBe(true);
  for (const one of ['{"a":[[1],[2,"]]}\\"["]]}', '["a\\u0041\\\\",1]', lists.slice(0, 200_000)]) expect(weighText(one)).toEqual(weighJson(text(one)));
});

test('what would take too much memory is refused, be it JSON or pprof', () => {
  const trace = text(`{"traceEvents":[${'{},'.repeat(100_000)}{}]}`);
  expect(readAnyProfile(trace, 1 << 20)).toMatchObject({ ok: false, error: { kind: 'too-heavy', available: 1 << 20 } });
  expect(readAnyProfile(trace, 1 << 28)).not.toMatchObject({ error: { kind: 'too-heavy' } });
  const pprof = Buffer.concat([Buffer.from([0x0a, 4, 8, 1, 16, 2, 0x32, 0, 0x32, 1, 0x61, 0x32, 1, 0x62]), Buffer.alloc(200_000, Buffer.from([0x12, 0]))]);
  expect(readAnyProfile(pprof, 1 << 20)).toMatchObject({ ok: false, error: { kind: 'too-heavy' } });
});

test('a packed file of gigabytes is refused by what its first bytes unpack to', async () => {
  const file = path.join(folder.path, 'zeros.pb.gz');
  // Stored blocks of zeros do not pack: the first megabyte gives a megabyte.
  writeFileSync(file, gzipSync(Buffer.alloc(2 << 20), { level: 0 }));
  truncateSync(file, 2 ** 32 - 1);
  expect(await readProfileFile(file)).toMatchObject({ ok: false, error: { kind: 'not-a-cpu-profile' } });
});

test('a source map that would take too much memory is not read, and that is told', () => {
  const script = folder.file('script.js', 'run();\n//# sourceMappingURL=script.js.map\n');
  const map = (mappings: string): string => JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings });
  folder.file('script.js.map', map('AAAA,'.repeat(1000)));
  const refused: string[] = [];
  const onRefused = (_: string, { kind }: { kind: string }): number => refused.push(kind);
  expect(sourceMapOf(script, { onRefused })?.sources).toHaveLength(1);
  expect(sourceMapOf(script, { onRefused, budget: mapBudget(1000) })).toBeUndefined();
  expect(refused).toEqual(['too-heavy']);
  const inline = folder.file('inline.js', `run();\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map('AAAA')).toString('base64')}\n`);
  expect(sourceMapOf(inline, { budget: mapBudget(10) })).toBeUndefined();
  expect(sourceMapOf(inline)?.sources).toHaveLength(1);
});

test('maps that are refused take from the time that all of a profile have, and what comes later is not read', () => {
  const refused: string[] = [];
  const onRefused = (_: string, { kind }: { kind: string }): number => refused.push(kind);
  const scripts = Array.from({ length: 200 }, (_, i) => {
    folder.file(`heavy${i}.js.map`, `{"version":3,"sources":["a.ts"],"names":[],"mappings":"${'AAAA,'.repeat(200_000)}AAAA"}`);
    return folder.file(`heavy${i}.js`, `run();\n//# sourceMappingURL=heavy${i}.js.map\n`);
  });
  // A millisecond is over with the first of a megabyte, or soon after; what it took is taken off, not what it gave.
  const budget = mapBudget(1000, 1);
  for (const script of scripts) expect(sourceMapOf(script, { budget, onRefused })).toBeUndefined();
  expect(refused[0]).toBe('too-heavy');
  expect(refused.at(-1)).toBe('too-late');
  expect(refused).toHaveLength(scripts.length);
});

test('a folder of rules that is a link to another place is not listed, and that is told', async () => {
  const outside = temporaryFolder({ 'secret-name.yml': 'id: x' });
  const root = path.join(folder.path, 'linked');
  mkdirSync(path.join(root, '.plateau'), { recursive: true });
  symlinkSync(outside.path, rulesFolder(root));
  const scanner = patternScanner(path.join(repository, 'dist'));
  const own = await loadOwnRules(rulesFolder(root), scanner);
  scanner.dispose();
  expect(own?.files).toEqual([]);
  expect(own?.mistakes.map(({ file, issue }) => [file, issue.kind])).toEqual([[rulesFolder(root), 'unreadable-rules']]);
  expect(JSON.stringify(own)).not.toContain('secret-name');
  expect(await stampOfRules(rulesFolder(root))).toBe('');
  outside.remove();
});

test('each limit has a sentence of its own', () => {
  const counted = Object.keys(limits) as Counted[];
  const sentences = counted.map((of) => describeProfileIssue({ kind: 'too-many', of, limit: limits[of] }));
  expect(new Set(sentences).size).toBe(counted.length);
  for (const sentence of sentences) expect(sentence).toMatch(/more than [\d,]+ .*\. Record/);
});
