import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { readProfileFile } from '../../src/service/profile/read-profile';
import { readInfo } from '../../src/service/recordings/recordings';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { fileLocator } from '../../src/source/maps/locate';
import { plateau, temporaryFolder } from '../support/run';

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Records a program with the command line and opens what came of it. */
async function record(name: string, text: string, command: readonly string[] = ['node']): Promise<OpenedProfile> {
  const file = folder.file(name, text);
  const out = `${file}.cpuprofile`;
  const { code, stderr } = await plateau(['record', '--interval', '250', '--out', out, '--', ...command, file], { cwd: folder.path });
  expect(code, stderr).toBe(0);
  const built = await readProfileFile(out);
  if (!built.ok) throw new Error(JSON.stringify(built.error));
  return openProfile(out, built.value, { thresholds: defaultThresholds, locator: fileLocator([]), info: await readInfo(out) });
}
const find = ({ findings }: OpenedProfile, rule: string): ReportedFinding => {
  const found = findings.find((one) => one.rule === rule);
  if (!found) throw new Error(`no ${rule} among ${findings.map((one) => `${one.rule}: ${one.title}`).join(', ') || 'no findings'}`);
  return found;
};
/** Line of a text that has a mark, from 1. */
const lineOf = (text: string, mark: string): number => text.split('\n').findIndex((line) => line.includes(mark)) + 1;

const data = 'const data = Array.from({ length: 20000 }, (_, i) => ({ id: i, name: "n" + i, tags: ["a", "b"], at: { x: i } }));\n';

/** Programs that are slow for one known reason: the rule that must name it, and the line that it must blame. */
const programs: Readonly<Record<string, { readonly text: string; readonly line: string; readonly command?: readonly string[] }>> = {
  json: {
    text: `${data}function save(state) {\n  let n = 0;\n  for (const one of state) n += one.id;\n  const text = JSON.stringify(state);\n  return text.length + n;\n}\nlet sum = 0;\nfor (let i = 0; i < 25; i++) sum += save(data);\n`,
    line: 'JSON.stringify',
  },
  'structured-clone': {
    text: `${data}function copy(state) {\n  return structuredClone(state);\n}\nfor (let i = 0; i < 12; i++) copy(data);\n`,
    line: 'structuredClone',
  },
  regexp: {
    text: `function check(text) {\n  const trimmed = text.trim();\n  return /^(a+)+$/.test(trimmed);\n}\nfor (let i = 0; i < 25; i++) check('a'.repeat(22) + 'b');\n`,
    line: '(a+)+',
  },
  'sync-fs': {
    text: `import fs from 'node:fs';\nfunction load(file) {\n  const name = String(file);\n  return fs.readFileSync(name, 'utf8').length;\n}\nfs.writeFileSync('big.txt', 'x'.repeat(300000));\nfor (let i = 0; i < 1500; i++) load('big.txt');\n`,
    line: 'fs.readFileSync',
  },
  'sync-child-process': {
    text: `import { execFileSync } from 'node:child_process';\nfunction version() {\n  return execFileSync(process.execPath, ['--version']);\n}\nfor (let i = 0; i < 12; i++) version();\n`,
    line: 'execFileSync(',
  },
  crypto: {
    text: `import { pbkdf2Sync } from 'node:crypto';\nfunction hash(password) {\n  const salt = 'salt';\n  return pbkdf2Sync(password, salt, 60000, 64, 'sha512');\n}\nfor (let i = 0; i < 8; i++) hash('secret');\n`,
    line: 'return pbkdf2Sync',
  },
  'sync-zlib': {
    text: `import zlib from 'node:zlib';\nconst text = Buffer.from(Array.from({ length: 60000 }, (_, i) => 'line ' + ((i * 7919) % 1000)).join('\\n'));\nfunction pack(bytes) {\n  return zlib.gzipSync(bytes).length;\n}\nfor (let i = 0; i < 120; i++) pack(text);\n`,
    line: 'function pack', // V8 calls all of them syncBufferWrapper, so the call cannot be told from the text
  },
  // A call alone costs as much at the head of its function, where V8 makes room on the stack, as on the line
  // that calls: which of them is hottest would be luck. With the roots it is twenty to one.
  'deep-recursion': {
    text: `function depth(list) {\n  return list === null ? 0 : Math.sqrt(Math.sqrt(Math.sqrt(Math.sqrt(list.n)))) + 1 + depth(list.next);\n}\nlet list = null;\nfor (let i = 0; i < 5000; i++) list = { n: i + 0.5, next: list };\nlet sum = 0;\nfor (let i = 0; i < 1500; i++) sum += depth(list);\n`,
    line: '1 + depth',
  },
  deopt: {
    text: `function slow(n) {\n  let sum = 0;\n  for (let i = 0; i < n; i++) sum += i % 7;\n  return sum;\n}\n%NeverOptimizeFunction(slow);\nlet all = 0;\nfor (let i = 0; i < 250; i++) all += slow(1e5);\n`,
    line: 'sum += i % 7',
    command: ['node', '--allow-natives-syntax'],
  },
  gc: {
    text: `function keep(list) {\n  return list.map((one) => ({ ...one, seen: [one.id] }));\n}\n${data}let kept = [];\nfor (let i = 0; i < 60; i++) kept = kept.length > 10 ? [keep(data)] : [...kept, keep(data)];\n`,
    line: '',
  },
};

describe('a program that is slow for one reason', () => {
  test.each(Object.entries(programs))('%s', async (rule, { text, line, command }) => {
    const profile = await record(`${rule}.mjs`, text, command);
    const finding = find(profile, rule);
    expect(finding.share).toBeGreaterThan(0.1);
    expect(finding.margin).toBeGreaterThan(0);
    expect(finding.margin).toBeLessThan(0.2);
    expect(finding.place?.file).toBe(path.join(folder.path, `${rule}.mjs`));
    if (line !== '') expect(finding.place?.line).toBe(lineOf(text, line));
    expect(finding.id).toMatch(new RegExp(`^${rule}:`));
    expect(finding.summary).toMatch(/\d % of active time \(\d[\d.]*–\d[\d.]* % with 95 % confidence\)/);
  });
});

test('a dependency is blamed on the line that calls it', async () => {
  folder.file('node_modules/slow-lib/package.json', '{"name":"slow-lib","main":"index.js"}');
  folder.file(
    'node_modules/slow-lib/index.js',
    'exports.grind = function grind(ms) {\n  const end = Date.now() + ms;\n  let n = 0;\n  while (Date.now() < end) n++;\n  return n;\n};\n',
  );
  const text = `import lib from 'slow-lib';\nfunction handle(ms) {\n  const twice = ms * 2;\n  return lib.grind(twice);\n}\nhandle(400);\n`;
  const finding = find(await record('user.mjs', text), 'plateau');
  expect(finding.title).toBe('grind');
  expect(finding.advice).toContain('Call slow-lib less often');
  expect(finding.place).toMatchObject({ file: path.join(folder.path, 'user.mjs'), line: 4, column: 3, endLine: 4, endColumn: 27 });
});

test('what waits is told to be waiting', async () => {
  const profile = await record('waits.mjs', 'await new Promise((resolve) => setTimeout(resolve, 700));\n');
  expect(profile.findings.map(({ rule }) => rule)).toEqual(['mostly-idle']);
  expect(find(profile, 'mostly-idle').place).toBeUndefined();
});

test.each([
  ['hello.mjs', 'console.log("hello");\n'],
  [
    'healthy.mjs',
    // Twenty-five jobs of equal weight, none of them of one kind.
    `const jobs = [${Array.from({ length: 25 }, (_, i) => `function job${i}(n) { let x = ${i}; for (let k = 0; k < n; k++) x = (x * ${31 + i} + k) % 65521; return x; }`).join(',\n')}];\nlet sum = 0;\nfor (let round = 0; round < 40; round++) for (const job of jobs) sum += job(30000);\nconsole.log(sum);\n`,
  ],
])('%s: no wolf is cried', async (name, text) => {
  const { findings } = await record(name, text);
  expect(findings.filter(({ level }) => level !== 'info').map(({ rule, title }) => `${rule}: ${title}`)).toEqual([]);
});

test('changed sources: the place is the function, as nothing is known of the lines', async () => {
  const before = programs.json?.text ?? '';
  const profile = await record('changed.mjs', before);
  folder.file('changed.mjs', `// a line more\n${before}`);
  const built = { tables: profile.tables, warnings: [] };
  const again = openProfile(profile.file, built, { thresholds: defaultThresholds, locator: fileLocator([]), info: profile.info });
  expect(again.findings.map(({ rule }) => rule)).not.toContain('json');
  const { place } = find(again, 'plateau');
  expect(place?.line).toBe(lineOf(before, 'JSON.stringify'));
  expect(place?.column).toBe(place?.endColumn);
});
