import { afterAll, expect, test } from 'vitest';
import type { ComparisonReport } from '../../src/shared/comparison';
import { plateau, temporaryFolder } from '../support/run';

const busy = (times: number): string => `let s = 1;
    for (let i = 0; i < ${times}; i++) s = (s * 31 + i + x) % 1000003;
    return s;`;

/** Callbacks without a name in functions with one; `first` stands before those that both versions have. */
const program = (first: string, second: string): string => `const list = Array.from({ length: 20 }, (_, i) => i);
function load() {
  ${first}
  return list.map((x) => {
    ${busy(300_000)}
  });
}
function save() {
  ${second}
  return list.filter((x) => {
    ${busy(200_000)}
  });
}
let sum = 0;
for (let turn = 0; turn < 3; turn++) sum += load().length + save().length;
console.log(sum);
`;
const old = program(
  '',
  `list.forEach((x) => {
    ${busy(250_000)}
  });`,
);
const edited = program(
  `list.every((x) => {
    ${busy(220_000)}
  });`,
  '',
);
const folder = temporaryFolder({ 'main.js': old });
afterAll(() => folder.remove());
const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

test('callbacks without a name keep their partners through an edit above them; the others are new and gone', async () => {
  const record = (out: string) => plateau(['record', '--out', out, '--interval', '200', '--', 'node', 'main.js'], { cwd: folder.path });
  expect((await record('old.cpuprofile')).code).toBe(0);
  folder.file('main.js', edited);
  expect((await record('new.cpuprofile')).code).toBe(0);
  const { stdout } = await plateau(['compare', 'old.cpuprofile', 'new.cpuprofile', '--json'], { cwd: folder.path });
  const { functions } = JSON.parse(stdout) as ComparisonReport;
  const own = functions.filter(({ url, name, before, after }) => url === 'main.js' && name === '(anonymous)' && before + after > 20);
  expect(own.map(({ state, line }) => `${state} ${line}`).sort()).toEqual(
    [
      `both ${lineOf(edited, 'list.map')}`,
      `both ${lineOf(edited, 'list.filter')}`,
      `gone ${lineOf(old, 'list.forEach')}`,
      `new ${lineOf(edited, 'list.every')}`,
    ].sort(),
  );
});
