/** Files that are read beside a profile that somebody opens. A bad one costs itself alone. */
import fs from 'node:fs';
import path from 'node:path';
import { rawFromText } from '../../support/raw-profile';
import { root } from '../../support/run';
import { WORK } from './hostile';
import { askWithSources, type Kind } from './kind';
import { loopInfo, mapFixture, profileOfScript, threadsInfo } from './recorded';

const script = `file://${WORK}/built/tsc/hot.js`;
const inline = `file://${WORK}/built/tsc-inline/hot.js`;
const source = { 'src/hot.ts': mapFixture('src/hot.ts') };
const built = { 'built/tsc/hot.js': mapFixture('built/tsc/hot.js'), 'built/tsc/hot.js.map': mapFixture('built/tsc/hot.js.map') };
const scriptFiles = { 'a.cpuprofile': profileOfScript(script), ...built, ...source };
const thread = JSON.stringify(rawFromText('main@file:///app/main.mjs:1 > crunch@file:///app/task.mjs:2 x50'));
const rule = /```yaml\n([\s\S]*?)```/.exec(fs.readFileSync(path.join(root, 'docs/own-rules.md'), 'utf8'))?.[1] as string;
const ruleAsJson = JSON.stringify({
  id: 'own-slow',
  languages: ['javascript', 'typescript'],
  title: 'Slow',
  message: '`$X` is slow.',
  why: 'It is.',
  fix: { advice: 'Leave it.', title: 'Call fast', plan: { kind: 'template', template: 'fast($X)' } },
  effect: 'growth',
  gate: { minTotalPct: 2, minSelfPct: 1 },
  frames: ['slow'],
  words: ['slow('],
  ast: { any: [{ pattern: 'slow($X)' }, { kind: 'for_statement', has: { pattern: '$A % $B', stopBy: 'end' } }] },
  where: [{ is: 'in-loop' }],
  examples: { bad: ['for (;;) slow(1)'], good: 'fast(1)' },
});
const states = JSON.stringify({
  version: 1,
  findings: {
    'plateau slowSum built/tsc/hot.js': { status: 'done', at: '2026-11-27T10:00:00.000Z', title: 'slowSum' },
    other: { status: 'ignored', at: '2026-11-26T10:00:00.000Z', title: 'b' },
  },
});

interface Beside {
  readonly name: string;
  readonly target: string;
  readonly files: Readonly<Record<string, string>>;
  readonly shape?: Kind['shape'];
}

const beside: readonly Beside[] = [
  { name: 'sidecar', target: 'a.plateau.json', files: { ...scriptFiles, 'a.plateau.json': loopInfo() } },
  {
    name: 'sidecar of threads',
    target: 'a.plateau.json',
    files: { 'a.cpuprofile': thread, 'a.t2.cpuprofile': thread, 'a.t3.cpuprofile': thread, 'a.plateau.json': threadsInfo() },
  },
  {
    name: 'sidecar of an earlier recording',
    target: 'b.plateau.json',
    files: { ...scriptFiles, 'a.plateau.json': loopInfo(), 'b.cpuprofile': profileOfScript(script), 'b.plateau.json': loopInfo().replace('11-27', '11-20') },
  },
  { name: 'findings.json', target: '.plateau/findings.json', files: { ...scriptFiles, '.plateau/findings.json': states } },
  { name: 'rules', target: '.plateau/rules/a.yml', files: { ...scriptFiles, '.plateau/rules/a.yml': rule }, shape: 'text' },
  { name: 'source map', target: 'built/tsc/hot.js.map', files: scriptFiles },
  { name: 'script with a map', target: 'built/tsc/hot.js', files: scriptFiles, shape: 'text' },
  {
    name: 'script with a map in it',
    target: 'built/tsc-inline/hot.js',
    files: { 'a.cpuprofile': profileOfScript(inline), 'built/tsc-inline/hot.js': mapFixture('built/tsc-inline/hot.js'), ...source },
    shape: 'text',
  },
  { name: 'source', target: 'src/hot.ts', files: scriptFiles, shape: 'text' },
  {
    name: 'package.json',
    target: 'package.json',
    files: { ...scriptFiles, 'package.json': '{"name":"app","type":"module","workspaces":["a"],"exports":{".":"./built/tsc/hot.js"}}' },
  },
  {
    name: 'tsconfig.json',
    target: 'tsconfig.json',
    files: { ...scriptFiles, 'tsconfig.json': '{"extends":"./b.json","compilerOptions":{"outDir":"built","rootDir":"src","paths":{"a":["b"]}}}' },
  },
];

const rulesKind = (name: string, text: string, shape: Kind['shape']): Kind => ({
  name,
  files: { '.plateau/rules/a.yml': text },
  target: '.plateau/rules/a.yml',
  shape,
  isPackable: false,
  mustOpen: false,
  weight: 1,
  ask: (below) => ({ bundle: 'rules', args: [['test'], ['list'], ['list', '--json']][below(3)] as string[] }),
});

export const besideKinds = (): readonly Kind[] => [
  ...beside.map(
    ({ name, target, files, shape = 'json' }): Kind => ({
      name,
      target,
      files,
      shape,
      isPackable: false,
      mustOpen: true,
      weight: 2,
      ask: (below) => askWithSources('a.cpuprofile', below),
    }),
  ),
  rulesKind('rules test', rule, 'text'),
  rulesKind('rules test, JSON', ruleAsJson, 'json'),
];
