import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readOk } from '../support/raw-profile';
import { root } from '../support/run';

const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** What a pattern of file names of VS Code's matches; only `*` stands in ours. */
const matches = (pattern: string, name: string): boolean => new RegExp(`^${pattern.replace(/[.]/g, '\\.').replace(/\*/g, '.*')}$`).test(name);
const editorOf = (name: string): string | undefined =>
  contributes.customEditors.find(
    ({ priority, selector }: { priority: string; selector: { filenamePattern: string }[] }) =>
      priority === 'default' && selector.some(({ filenamePattern }) => matches(filenamePattern, name)),
  )?.viewType;

test.each([
  ['a.cpuprofile', 'plateau.profile'],
  ['a.cpuprofile.gz', 'plateau.foreign'],
  ['a.heapprofile', 'plateau.foreign'],
  ['a.heapprofile.gz', 'plateau.foreign'],
  ['a.pb.gz', 'plateau.foreign'],
  ['a.pprof', 'plateau.foreign'],
  ['a.speedscope.json', 'plateau.foreign'],
  ['a.collapsed', 'plateau.foreign'],
  ['a.folded', 'plateau.foreign'],
  ['a.heapsnapshot', 'plateau.heap'],
  ['a.heapsnapshot.gz', 'plateau.heap'],
  ['a.heaptimeline', 'plateau.heap'],
  ['package.json', undefined],
  ['notes.txt', undefined],
  ['server.log', undefined],
])('a double click on %s opens %s', (name, wanted) => expect(editorOf(name)).toBe(wanted));

describe('the menu of the Explorer', () => {
  const when: string = contributes.menus['explorer/context'].find(({ command }: { command: string }) => command === 'plateau.openWith').when;
  const [, source = ''] = /resourceFilename =~ \/(.*)\/i$/.exec(when) ?? [];
  const fits = new RegExp(source, 'i');
  test.each([
    'a.cpuprofile',
    'a.pb.gz',
    'x.speedscope.json',
    'trace.json',
    'trace-1.json.gz',
    'a.folded',
    'callgrind.out.123',
    'isolate-0x1-v8.log',
    'out.perf',
  ])('has Open with Plateau on %s', (name) => expect(fits.test(name)).toBe(true));
  test.each(['package.json', 'tsconfig.json', 'notes.txt', 'server.log', 'a.out', 'archive.gz', 'index.ts'])('and not on %s', (name) =>
    expect(fits.test(name)).toBe(false),
  );
});

test('what others look for has a title of that name in the palette', () => {
  const hidden = new Set(
    contributes.menus.commandPalette.filter(({ when }: { when: string }) => when === 'false').map(({ command }: { command: string }) => command),
  );
  const titles: string[] = contributes.commands.filter(({ command }: { command: string }) => !hidden.has(command)).map(({ title }: { title: string }) => title);
  for (const word of ['flame', 'cpu', 'memory', 'attach', 'snapshot', 'leak', 'record'])
    expect(
      titles.some((title) => title.toLowerCase().includes(word)),
      word,
    ).toBe(true);
  for (const title of ['Record CPU Profile (Flame Graph)', 'Attach to Node.js Process', 'Take Memory Snapshot']) expect(titles).toContain(title);
});

test('the walkthrough has four steps, each with a picture and a command that is there', () => {
  const [{ steps }] = contributes.walkthroughs;
  const commands = contributes.commands.map(({ command }: { command: string }) => command);
  expect(steps).toHaveLength(4);
  for (const { description, media } of steps) {
    expect(existsSync(path.join(root, media.image)), media.image).toBe(true);
    const [, command] = /\(command:([\w.]+)\)/.exec(description) ?? [];
    expect(commands).toContain(command);
  }
});

test('what V8 itself writes wrong is no damage', () => {
  const frame = (functionName: string, columnNumber: number) => ({
    functionName,
    scriptId: '1',
    url: functionName === '(root)' ? '' : 'file:///a.js',
    lineNumber: 0,
    columnNumber,
  });
  const { tables, warnings } = readOk({
    nodes: [
      { id: 1, callFrame: { ...frame('(root)', -1), lineNumber: -1 }, hitCount: 0, children: [2] },
      { id: 2, callFrame: frame('wrapped', -196), hitCount: 2 },
    ],
    startTime: 0,
    endTime: 2000,
    samples: [2, 2],
    timeDeltas: [0, 1000],
  });
  expect(warnings.map(({ kind }) => kind)).not.toContain('bad-values');
  expect(tables.functions.column[1]).toBe(-1);
});
