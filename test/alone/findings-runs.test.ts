import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { readInfo } from '../../src/service/recordings/recordings';
import { fileLocator } from '../../src/source/maps/locate';
import { plateau, temporaryFolder } from '../support/run';

/**
 * Each heuristic on a real run that is slow for its reason, and on one that does a little of the
 * same and must stay silent. What is slow for one kind of work of the runtime is in findings-real; an even spread is the program 13-even-spread of test/programs.
 */
const folder = temporaryFolder();
afterAll(() => folder.remove());

async function record(name: string, text: string): Promise<OpenedProfile> {
  const file = folder.file(name, text);
  const out = `${file}.cpuprofile`;
  const { code, stderr } = await plateau(['record', '--interval', '250', '--out', out, '--', 'node', file], { cwd: folder.path });
  expect(code, stderr).toBe(0);
  const built = await readProfileFile(out);
  if (!built.ok) throw new Error(JSON.stringify(built.error));
  return openProfile(out, built.value, { thresholds: defaultThresholds, locator: fileLocator([]), info: await readInfo(out) });
}

const spin =
  'function spin(ms, x = 1) { const end = performance.now() + ms; while (performance.now() < end) for (let i = 0; i < 2000; i++) x = (x * 31 + i) % 65521; return x; }\n';
/** Functions of equal weight that share no code: `f0` to `fN`, each some 0.4 ms a call. */
const jobs = (count: number) =>
  `const jobs = [${Array.from({ length: count }, (_, i) => `function f${i}(n) { let x = ${i}; for (let k = 0; k < n; k++) x = (x * ${31 + i} + k) % 65521; return x; }`).join(',\n')}];\nlet sum = 0;\n`;

interface Program {
  readonly text: string;
  /** What the title must name. */
  readonly title: RegExp;
  /** The line that is blamed; none for findings without a place. */
  readonly line?: string;
}

const programs: Readonly<Record<string, Program>> = {
  plateau: {
    text: `${jobs(6)}function hot(n) {\n  let x = 1;\n  for (let k = 0; k < n; k++) x = (x * 17 + k) % 65521;\n  return x;\n}\nfor (let round = 0; round < 60; round++) {\n  for (const job of jobs) sum += job(10000);\n  sum += hot(300000);\n}\n`,
    title: /^hot$/,
    line: 'x * 17',
  },
  'stack-plateau': {
    text: `${jobs(6)}function shared(n) {\n  let x = 1;\n  for (let k = 0; k < n; k++) x = (x * 17 + k) % 65521;\n  return x;\n}\nfunction wide() { return shared(200000); }\nfunction narrow() { return shared(50000); }\nfunction other() { return shared(50000); }\nfor (let round = 0; round < 100; round++) {\n  for (const job of jobs) sum += job(10000);\n  sum += wide() + narrow() + other();\n}\n`,
    title: /^shared on one path$/,
  },
  focus: {
    text: `${jobs(3)}for (let round = 0; round < 150; round++) for (const job of jobs) sum += job(150000);\n`,
    title: /Focused work/,
  },
  'thin-towers': {
    text: `${jobs(40)}function dispatch(rounds) {\n  let all = 0;\n  for (let round = 0; round < rounds; round++) for (const job of jobs) all += job(30000);\n  return all;\n}\ndispatch(80);\n`,
    title: /^Many small calls from dispatch$/,
  },
  recursion: {
    text: `${jobs(4)}function walk(depth) {\n  if (depth === 0) return jobs[0](20000) + jobs[1](20000) + jobs[2](20000) + jobs[3](20000);\n  return walk(depth - 1) + walk(depth - 1);\n}\nfor (let i = 0; i < 3; i++) sum += walk(9);\n`,
    title: /^walk calls itself$/,
  },
  'module-loading': {
    text: `import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nfunction loadAll() {\n  let n = 0;\n  for (let i = 0; i < 4500; i++) n += require('./parts/p' + i + '.cjs').f();\n  return n;\n}\nloadAll();\n`,
    title: /^Loading modules$/,
    line: "require('./parts",
  },
  microtasks: {
    text: `function chain(left) {\n  if (left > 0) process.nextTick(chain, left - 1);\n}\nfor (let i = 0; i < 60; i++) {\n  chain(100000);\n  await new Promise((resolve) => setImmediate(resolve));\n}\n`,
    title: /^Promises and microtasks$/,
  },
  timers: {
    text: `function schedule(n) {\n  const all = [];\n  for (let i = 0; i < n; i++) all.push(setTimeout(() => {}, 100000 + (i % 5000)));\n  for (const one of all) clearTimeout(one);\n}\nfor (let i = 0; i < 12; i++) schedule(60000);\n`,
    title: /^Timers$/,
  },
  'mostly-idle': {
    text: `${spin}for (let i = 0; i < 8; i++) {\n  spin(2);\n  await new Promise((resolve) => setTimeout(resolve, 100));\n}\n`,
    title: /^Mostly waiting$/,
  },
};

describe('a run that is slow for one reason', () => {
  test.each(Object.entries(programs))('%s', async (rule, { text, title, line }) => {
    if (rule === 'module-loading') for (let i = 0; i < 4500; i++) folder.file(`parts/p${i}.cjs`, `exports.f = function () { return ${i}; };\n`.repeat(30));
    const { findings } = await record(`${rule}.mjs`, text);
    const finding = findings.find((one) => one.rule === rule);
    expect(findings.map((one) => `${one.rule}: ${one.title}`).join('; ')).toContain(`${rule}: `);
    expect(finding?.title).toMatch(title);
    if (line !== undefined) expect(finding?.place?.line).toBe(text.split('\n').findIndex((one) => one.includes(line)) + 1);
  });
});

describe('a run that does a little of it', () => {
  let found: readonly string[] = [];
  let profile: OpenedProfile;
  // A little of everything, beside a quarter of a second each of four jobs: nothing of it is worth a word.
  beforeAll(async () => {
    profile = await record(
      'little.mjs',
      `import fs from 'node:fs';
import zlib from 'node:zlib';
import { createHash } from 'node:crypto';
${jobs(16)}
function time(fn) { return fn(); }
const data = Array.from({ length: 200 }, (_, id) => ({ id, tags: ['a', 'b'] }));
for (let round = 0; round < 100; round++) {
  for (const job of jobs) sum += time(() => time(() => job(40000)));
  if (round % 10 > 0) continue;
  sum += JSON.stringify(data).length + structuredClone(data.slice(0, 20)).length;
  sum += fs.readFileSync(process.argv[1]).length + zlib.gzipSync('abc').length;
  sum += createHash('sha256').update('abc').digest()[0];
  sum += /^(\\w+)\\s/.test('some text here') ? 1 : 0;
  clearTimeout(setTimeout(() => {}, 1000));
  await Promise.resolve(sum);
}
`,
    );
    found = profile.findings.map(({ rule }) => rule);
  });
  test.each([
    'plateau',
    'stack-plateau',
    'focus',
    'spread',
    'thin-towers',
    'recursion',
    'deep-recursion',
    'gc',
    'json',
    'structured-clone',
    'regexp',
    'sync-fs',
    'sync-child-process',
    'crypto',
    'sync-zlib',
    'module-loading',
    'microtasks',
    'timers',
    'deopt',
    'mostly-idle',
  ])('%s is silent', (rule) => {
    expect(profile.totals.activeSamples).toBeGreaterThan(500);
    expect(found).not.toContain(rule);
  });
});
