import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { annotateFile } from '../../src/server/annotate';
import { hoverText, shortHover } from '../../src/server/hover';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { functionIndex } from '../../src/shared/brands';
import { fileLocator } from '../../src/source/maps/locate';
import { parseFunctions } from '../../src/source/parse/parse-functions';
import { cpuProfile, functionLines, maps, scriptOf, source } from '../support/map-runs';
import { profileFromText, readOk } from '../support/raw-profile';

const open = (built: ReturnType<typeof readOk>): OpenedProfile =>
  openProfile('p.cpuprofile', built, { thresholds: defaultThresholds, locator: fileLocator([maps]), info: undefined });
const rowOf = ({ tables: { functions, strings } }: OpenedProfile, name: string): number => functions.name.findIndex((row) => strings.at(row) === name);

describe('the text of a line, whole and beside a column of shares', () => {
  const functions = parseFunctions(readFileSync(source, 'utf8'), source) ?? [];
  const annotate = (script: string) => {
    const profile = open(readOk(cpuProfile(scriptOf(script))));
    const costs = profile.sources.file(source);
    if (!costs) expect.fail('no costs');
    return { profile, annotations: annotateFile(profile, costs, undefined, functions, 0.01).annotations };
  };

  test('the share and the rest say what the whole says', () => {
    const { annotations } = annotate('tsc');
    expect(annotations.length).toBeGreaterThan(3);
    for (const { text, share, rest } of annotations) {
      expect(share).toMatch(/^\d[\d.]* %$/);
      expect(rest.split(', self ')[0]).not.toContain('%');
      const [cost = '', ...more] = rest.split(', ');
      expect(text).toBe([`${cost} · ${share}`, ...more].join(', '));
    }
    expect(annotations.some(({ text }) => text.includes('lines not known'))).toBe(false);
  });

  test('a function whose statements ran as one line says that its lines are not known, and its hover why', () => {
    const { profile, annotations } = annotate('tsc-terser');
    const line = (functionLines.slowSum as number) - 1;
    expect(annotations.find((one) => one.line === line)?.text).toMatch(/ total · .*, lines not known$/);
    const costs = profile.sources.file(source);
    const func = costs?.functions.find((one) => one.line === functionLines.slowSum)?.func;
    if (func === undefined) expect.fail('no such function');
    expect(hoverText(profile, [], func, undefined, true).value).toContain('several statements ran as one line');
    // A profile without lines of any function says nothing of them.
    const plain = open(profileFromText(`slowSum@file://${source}:${functionLines.slowSum} x100`));
    expect(hoverText(plain, [], functionIndex(rowOf(plain, 'slowSum')), undefined, true).value).not.toContain('as one line');
  });
});

describe('the hover over code', () => {
  const profile = open(profileFromText('main > work x60\nmain > rest x40'));
  const work = functionIndex(rowOf(profile, 'work'));

  test('is two lines: what it costs; the line, what is found, and the way to the graph', () => {
    const finding = profile.findings.find(({ functions }) => functions.includes(work));
    if (!finding) expect.fail('nothing is found');
    const placed = { ...finding, place: { file: '/app/main.js', line: 1 } } as typeof finding;
    const { value } = shortHover(profile, [{ finding: placed, status: 'open', note: undefined }], work, { number: 7, cost: { self: 30_000, ticks: 30 } });
    const [first, second, ...more] = value.split('\n');
    expect(more).toEqual([]);
    expect(first).toBe('**work** · 60\\.0 ms · 60\\.0 % of active time · self 60\\.0 ms · 60\\.0 %  ');
    expect(second).toMatch(/^line 7: 30(?:\\\.0)? ms · 30\\\.0 % · ● Bottleneck · \[Flame graph\]\(command:plateau\.revealFrame\?/);
  });

  test('says nothing of lines and findings that are not there', () => {
    const { value } = shortHover(profile, [], work, undefined);
    expect(value.split('\n')[1]).toMatch(/^\[Flame graph\]\(command:/);
  });
});
