import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionAt } from '../../src/core/profile/tables';
import { describeWarning } from '../../src/service/profile/describe-warning';
import { unknownLines } from '../../src/service/profile/unknown-lines';
import { remapInMemoryScripts } from '../../src/service/recording/remap-profile';
import { functionIndex } from '../../src/shared/brands';
import { cpuProfile, functionLines, outputs, planted, runInMemory, scriptOf, source, viewOf, withInlineMap } from '../support/map-runs';
import { readOk } from '../support/raw-profile';

/** Outputs whose lines hold several statements each: by their making, not by what a map says of them. */
const joined = new Set([
  'babel-compact',
  'esbuild-line-limit',
  'esbuild-minified',
  'esbuild-one-line',
  'rollup-minified',
  'swc-minified',
  'tsc-terser',
  'webpack-minified',
]);
/** Rolldown puts the body of a loop onto its head's line, where it is one statement; `slowSum` has an `else`, which gets a line of its own. */
const partly: Readonly<Record<string, readonly string[]>> = { rolldown: ['slowSum'] };

type View = ReturnType<typeof viewOf>;

/** The row of the planted function at its line. */
function rowAt({ sources, tables, costs }: View, name: string) {
  const rows = sources.file(source)?.functions.filter(({ line, func }) => {
    const row = functionAt(tables, func).name;
    return line === functionLines[name] && !['withCallback', 'repeat', 'withThunk', 'timed'].includes(row);
  });
  return rows?.map(({ func }) => func).sort((a, b) => (costs.self[b] as number) - (costs.self[a] as number))[0];
}

function hottestLine(view: View, name: string): number | undefined {
  const func = rowAt(view, name);
  const lines = func === undefined ? undefined : view.sources.functionLines(func);
  if (lines && lines.file !== source) return undefined;
  return [...(lines?.lines ?? [])].sort((a, b) => b[1].self - a[1].self)[0]?.[0];
}

/** Costs of the source's lines that were planted, and of the others, in microseconds. */
function sumLines({ sources }: View): { planted: number; others: number } {
  const hot = new Set(planted.values());
  let [own, others] = [0, 0];
  for (const [line, { self }] of sources.file(source)?.lines ?? []) {
    if (hot.has(line)) own += self;
    else others += self;
  }
  return { planted: own, others };
}

function expectLines(view: View, names: readonly string[]): void {
  for (const name of names) expect([name, hottestLine(view, name)]).toEqual([name, planted.get(name)]);
  const sums = sumLines(view);
  expect(sums.planted).toBeGreaterThan(sums.others);
}

function expectUntold(view: View, names: readonly string[], info: boolean): void {
  for (const name of names) {
    const func = rowAt(view, name);
    expect([name, func === undefined]).toEqual([name, false]);
    const self = view.costs.self[func ?? functionIndex(0)] as number;
    expect(view.costs.hits[func ?? functionIndex(0)]).toBeGreaterThan(4);
    // No line of the source is said to be hot, least of all the function's first.
    const told = [...(view.sources.functionLines(func ?? functionIndex(0))?.lines ?? [])].filter(([line]) => line !== planted.get(name));
    expect(told.filter(([, cost]) => cost.self > self * 0.2)).toEqual([]);
  }
  const [warning, ...more] = unknownLines(view.tables, { ...view, info: info ? ({} as never) : undefined }).filter(({ kind }) => kind === 'unknown-lines');
  expect(more).toEqual([]);
  expect(warning).toMatchObject({ kind: 'unknown-lines', file: 'src/hot.ts' });
  if (warning) expect(describeWarning(warning)).toMatch(/^The hot lines of .* \(src\/hot\.ts\).* are not known/);
}

const names = [...planted.keys()];

test('the source has the functions where the test says', () => {
  const text = readFileSync(source, 'utf8').split('\n');
  expect(Object.entries(functionLines).map(([name, line]) => [name, text[line - 1]?.includes(name)])).toEqual(names.map((name) => [name, true]));
});

describe('scripts with their map on disk, run by node --cpu-prof', () => {
  test.each(outputs)('%s', (output) => {
    const view = viewOf(readOk(cpuProfile(scriptOf(output))).tables);
    if (joined.has(output)) return expectUntold(view, names, false);
    const told = partly[output] ?? names;
    expectLines(view, told);
    if (told === names) expect(unknownLines(view.tables, { ...view, info: undefined })).toEqual([]);
    else
      expectUntold(
        view,
        names.filter((name) => !told.includes(name)),
        false,
      );
  });
});

describe('scripts in memory, as loaders make them', () => {
  // vm.compileFunction takes scripts, not modules; rolldown's output requires nothing and is one.
  test.each(outputs.filter((output) => path.extname(scriptOf(output)) === '.js'))('%s', (output) => {
    const profile = remapInMemoryScripts(runInMemory([withInlineMap(output)], [source]));
    const view = viewOf(readOk(profile).tables);
    // Names are the source's, and every function stands where V8 itself would put it.
    for (const name of names.filter((one) => one !== 'callback' && one !== 'thunk')) {
      const func = rowAt(view, name);
      expect([name, func === undefined ? '' : functionAt(view.tables, func).name.split('.').at(-1)]).toEqual([name, name]);
    }
    if (joined.has(output)) return expectUntold(view, names, true);
    const told = partly[output] ?? names;
    expectLines(view, told);
    if (told !== names)
      expectUntold(
        view,
        names.filter((name) => !told.includes(name)),
        true,
      );
  });
});
