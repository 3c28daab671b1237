import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withoutCovered } from '../../src/service/findings/all-findings';
import { describeStatesIssue } from '../../src/service/findings/describe-states-issue';
import { decide, parseStates, readStates, statesFile, statesText, track, updateStates } from '../../src/service/findings/finding-states';
import type { TrackedFinding } from '../../src/shared/finding-status';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { finding } from '../support/findings';
import { type Folder, temporaryFolder } from '../support/run';

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const noon = new Date('2026-11-21T12:00:00.000Z');
const hour = 3_600_000;

test('done and ignored are kept by id, sorted, and read back; open takes them back', async () => {
  const file = statesFile(folder.path);
  const [b, a] = [finding({ id: 'b', title: 'second' }), finding({ id: 'a', title: 'first' })];
  await updateStates(file, (states) => decide(states, [b], 'done', noon));
  const written = await updateStates(file, (states) => decide(states, [a], 'ignored', noon));
  expect(written.ok).toBe(true);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    version: 1,
    findings: {
      a: { status: 'ignored', at: '2026-11-21T12:00:00.000Z', title: 'first' },
      b: { status: 'done', at: '2026-11-21T12:00:00.000Z', title: 'second' },
    },
  });
  expect(readFileSync(file, 'utf8')).toMatch(/^\{\n {2}"version": 1,\n {2}"findings": \{\n {4}"a": \{\n/);
  expect(readdirSync(path.dirname(file))).toEqual(['findings.json']);
  await updateStates(file, (states) => decide(states, [a, b], 'open', noon));
  expect(await readStates(file)).toEqual({ ok: true, value: new Map() });
});

test('where there is no file, nothing is decided', async () => {
  expect(await readStates(statesFile(path.join(folder.path, 'nowhere')))).toEqual({ ok: true, value: new Map() });
});

test('done comes back as open in a newer recording, with a note; ignored stays', () => {
  const one = finding();
  const done = decide(new Map(), [one], 'done', noon);
  const of = (states: typeof done, recordedAt: number | undefined) => {
    const { status, note } = track(states, one, recordedAt);
    return [status, note];
  };
  expect(of(new Map(), noon.getTime())).toEqual(['open', undefined]);
  expect(of(done, noon.getTime() - hour)).toEqual(['done', 'Marked done on 2026-11-21.']);
  expect(of(done, undefined)).toEqual(['done', 'Marked done on 2026-11-21.']);
  expect(of(done, noon.getTime() + hour)).toEqual(['open', 'Marked done on 2026-11-21, and seen again in this newer recording.']);
  expect(of(decide(new Map(), [one], 'ignored', noon), noon.getTime() + hour)).toEqual(['ignored', 'Ignored on 2026-11-21.']);
});

test.each([
  ['a merge left over', '{\n<<<<<<< HEAD\n "version": 1', /JSON/],
  ['nothing', '', /JSON/],
  ['no object', '[]', /no "version": 1/],
  ['a later version', '{"version":2,"findings":{}}', /version 2, and this Plateau knows version 1/],
  ['no findings', '{"version":1}', /no object "findings"/],
  ['a list', '{"version":1,"findings":[]}', /no object "findings"/],
  ['an unknown status', '{"version":1,"findings":{"a":{"status":"gone","at":"2026-11-21"}}}', /"a" has a status/],
  ['no date', '{"version":1,"findings":{"a":{"status":"done","at":"yesterday"}}}', /"a" has no date/],
])('a damaged file (%s) is told and stays as it is', async (_, text, message) => {
  const file = folder.file('.plateau/findings.json', text);
  const result = await updateStates(file, (states) => decide(states, [finding()], 'done', noon));
  if (result.ok) throw new Error('it was taken');
  expect(describeStatesIssue(result.error)).toMatch(message);
  expect(describeStatesIssue(result.error)).toContain(file);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('ids of any text survive, and are no keys of objects', () => {
  const ids = ['__proto__', 'constructor', 'a"b\\c\n', 'é 😀'];
  const states = decide(
    new Map(),
    ids.map((id) => finding({ id })),
    'ignored',
    noon,
  );
  const back = parseStates(statesText(states), 'findings.json');
  if (!back.ok) throw new Error('it does not read what it writes');
  expect([...back.value.keys()].sort()).toEqual([...ids].sort());
});

test('a folder that cannot be made is told', async () => {
  folder.file('.plateau', 'a file in the way');
  const result = await updateStates(statesFile(folder.path), (states) => decide(states, [finding()], 'done', noon));
  if (result.ok) throw new Error('it was written');
  expect(describeStatesIssue(result.error)).toMatch(/cannot be written: .*Nothing has changed/);
});

test('a pattern speaks for the plateau that it explains, and for no other', () => {
  const plateau = finding({ id: 'p', rule: 'plateau', origin: 'heuristic', share: 0.5, functions: [7] });
  const pattern = finding({ share: 0.41, functions: [7, 8] });
  const ids = (...tracked: readonly TrackedFinding[]): string[] => withoutCovered(tracked).map((one) => one.finding.id);
  const open = (one: ReportedFinding): TrackedFinding => ({ finding: one, status: 'open', note: undefined });
  expect(ids(open(plateau), open(pattern))).toEqual([pattern.id]);
  expect(ids(open(plateau), { ...open(pattern), status: 'done' })).toEqual([pattern.id]);
  // Ignored, its line has been judged.
  const judged = withoutCovered([open(plateau), { ...open(pattern), status: 'ignored' }]);
  expect(judged.map(({ finding: { id }, status }) => [id, status])).toEqual([
    ['p', 'ignored'],
    [pattern.id, 'ignored'],
  ]);
  expect(ids(open(plateau), open({ ...pattern, share: 0.39 }))).toEqual(['p', pattern.id]);
  // A callback within the matched lines, and a function elsewhere.
  expect(ids(open(plateau), open({ ...pattern, functions: [8, 7] }))).toEqual([pattern.id]);
  expect(ids(open(plateau), open({ ...pattern, functions: [8, 9] }))).toEqual(['p', pattern.id]);
  // What was decided about the plateau itself has to stay in sight.
  expect(ids({ ...open(plateau), status: 'done' }, open(pattern))).toEqual(['p', pattern.id]);
  expect(ids({ ...open(plateau), note: 'Marked done, and seen again.' }, open(pattern))).toEqual(['p', pattern.id]);
  expect(ids(open({ ...plateau, rule: 'gc' }), open(pattern))).toEqual(['p', pattern.id]);
});

test.skipIf(process.platform === 'win32')('nothing is written where a repository has a link to elsewhere', async () => {
  const elsewhere = temporaryFolder();
  symlinkSync(elsewhere.path, path.join(folder.path, '.plateau'));
  const result = await updateStates(statesFile(folder.path), (states) => decide(states, [finding()], 'done', noon));
  expect(result).toMatchObject({ ok: false, error: { kind: 'unwritable-states', detail: 'its folder is a link to outside of the workspace' } });
  expect(readdirSync(elsewhere.path)).toEqual([]);
  elsewhere.remove();
});
