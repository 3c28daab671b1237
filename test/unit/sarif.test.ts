import Ajv from 'ajv';
import { describe, expect, test } from 'vitest';
import { type SarifContext, sarifLog } from '../../src/service/export/sarif';
import type { FindingStatus, TrackedFinding } from '../../src/shared/finding-status';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { finding } from '../support/findings';
import { sarifSchema } from '../support/sarif-schema';

const context: SarifContext = { version: '1.2.3', root: '/app', unit: 'microseconds', warnings: [], page: () => undefined };
const tracked = (given: Partial<ReportedFinding> = {}, status: FindingStatus = 'open', note?: string): TrackedFinding => ({
  finding: finding(given),
  status,
  note,
});
/** What is in the file, as its readers see it. */
const written = (findings: readonly TrackedFinding[], more: Partial<SarifContext> = {}) =>
  JSON.parse(JSON.stringify(sarifLog(findings, { ...context, ...more }))).runs[0];

const ajv = new Ajv({ strict: false, validateFormats: false });
const fits = ajv.compile(sarifSchema);
const everything = [
  tracked({
    page: 'docs/rules/find-in-loop.md',
    related: [{ message: 'called from build', place: { file: '/app/src/my app.ts', line: 9, column: 3, endLine: 9, endColumn: 8 } }],
    fix: { title: 'Make a Map', safety: 'suggest', file: '/app/src/match.ts', edits: [{ start: 10, end: 14, text: 'Map' }] },
  }),
  tracked({ id: 'b', rule: 'gc', origin: 'heuristic', level: 'error', place: undefined, share: 1.2 }),
  tracked({ id: 'c', rule: 'gc', level: 'info' }, 'ignored', 'Ignored by a comment in the source.'),
  tracked({ id: 'd', rule: 'gc' }, 'ignored', 'Ignored on 2026-11-21.'),
  tracked({ id: 'e' }, 'done'),
];

describe('SARIF', () => {
  test('fits the schema, and the schema tells what does not', () => {
    const log = sarifLog(everything, { ...context, warnings: ['The file ends early.'], page: () => '# Find in a loop\n\nText.' });
    fits(log);
    expect(fits.errors).toBeNull();
    expect(fits({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Plateau' } }, results: [{ ruleId: 'a', mesage: { text: 'b' } }] }] })).toBe(false);
  });

  test('a result has level, place, related places, fingerprint and fix', () => {
    const { results, tool } = written(everything, { page: () => '# Find in a loop\n\nText.' });
    expect(results.map(({ ruleId, ruleIndex, level }: never) => [ruleId, ruleIndex, level])).toEqual([
      ['find-in-loop', 0, 'warning'],
      ['gc', 1, 'error'],
      ['gc', 1, 'note'],
      ['gc', 1, 'warning'],
    ]);
    expect(results[0].locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: 'src/match.ts', uriBaseId: 'SRCROOT' },
          region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 20 },
        },
      },
    ]);
    expect(results[0].relatedLocations[0].physicalLocation.artifactLocation).toEqual({ uri: 'src/my%20app.ts', uriBaseId: 'SRCROOT' });
    expect(results[0].fingerprints).toEqual({ 'plateau/v1': 'find-in-loop:src/match.ts:match' });
    expect(results[0].fixes[0].artifactChanges[0].replacements).toEqual([
      { deletedRegion: { charOffset: 10, charLength: 4 }, insertedContent: { text: 'Map' } },
    ]);
    expect(results[1].locations).toBeUndefined();
    expect(results[1].rank).toBe(100);
    expect(tool.driver.rules[0]).toMatchObject({
      id: 'find-in-loop',
      shortDescription: { text: 'Find in a loop' },
      help: { text: '# Find in a loop\n\nText.', markdown: '# Find in a loop\n\nText.' },
    });
  });

  test('what is ignored is suppressed, in the source or outside; what is done is not in it', () => {
    const { results } = written(everything);
    expect(results.map(({ suppressions = [] }: { suppressions?: { kind: string }[] }) => suppressions.map(({ kind }) => kind).join())).toEqual([
      '',
      '',
      'inSource',
      'external',
    ]);
  });

  test('files outside of the root are absolute, half a surrogate pair is no failure', () => {
    const at = (file: string) =>
      written([tracked({ place: { file, line: 1, column: 1, endLine: 1, endColumn: 1 } })]).results[0].locations[0].physicalLocation.artifactLocation;
    expect(at('/other/a b.ts')).toEqual({ uri: 'file:///other/a%20b.ts' });
    expect(at('/app/a#?%.ts')).toEqual({ uri: 'a%23%3F%25.ts', uriBaseId: 'SRCROOT' });
    expect(at('/app/\ud800.ts')).toEqual({ uri: '%EF%BF%BD.ts', uriBaseId: 'SRCROOT' });
    expect(at('webpack:\udc00//a.ts').uri).toBe('webpack:%EF%BF%BD//a.ts');
  });

  test('a name makes no link', () => {
    const { results } = written([tracked({ title: '[click](https://example.org)', summary: 'a[0](1)' })]);
    expect(results[0].message.text).toContain('[click]\u200b(https://example.org): a[0]\u200b(1)');
  });

  test('a region that ends before it begins is one place', () => {
    const { results } = written([tracked({ place: { file: '/app/a.ts', line: 0, column: 0, endLine: -1, endColumn: 0 } })]);
    expect(results[0].locations[0].physicalLocation.region).toEqual({ startLine: 1, startColumn: 1 });
  });
});
