import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examine, programs, type Report, startUpstream } from '../support/programs';
import { type Folder, temporaryFolder } from '../support/run';

let upstream: Awaited<ReturnType<typeof startUpstream>>;
let folder: Folder;
beforeAll(async () => {
  upstream = await startUpstream();
  folder = temporaryFolder();
});
afterAll(() => {
  upstream.close();
  folder.remove();
});

/** The tree as it was walked, for the message of a failure. */
const told = ({ diagnosis, place }: Report): string =>
  `${diagnosis.verdict.title}. ${diagnosis.verdict.summary} ${place?.file}:${place?.line}\n${diagnosis.turns
    .map(({ id, reason, figures }) => `${id}: ${reason} ${JSON.stringify(figures)}`)
    .join('\n')}`;

describe('slow programs: the branch and the line', () => {
  const slow = programs('slow');
  test('there are at least twelve, each with a place or spread', () => {
    expect(slow.length).toBeGreaterThanOrEqual(12);
    for (const { place, branch } of slow) expect(place !== undefined || branch === 'cpu-spread').toBe(true);
  });
  test.each(slow)('$name: $branch', async (program) => {
    const { report, code, stderr } = await examine(program, folder.path, upstream.url);
    expect(report.diagnosis.verdict.branch, told(report) + stderr).toBe(program.branch);
    if (program.place !== undefined) {
      const place = `${report.place?.file.split(/[\\/]/).at(-1)}:${report.place?.line}`;
      expect([program.place, program.also ?? []].flat(), told(report)).toContain(place);
    }
    expect(code, stderr).toBe(report.diagnosis.verdict.level === 'error' ? 1 : 0);
  });
});

describe('healthy programs: no alarm', () => {
  const healthy = programs('healthy');
  test('there are four', () => expect(healthy.length).toBeGreaterThanOrEqual(4));
  test.each(healthy)('$name', async (program) => {
    const { report, code, stderr } = await examine(program, folder.path, upstream.url);
    expect(report.diagnosis.verdict.branch, told(report) + stderr).toBe('healthy');
    expect(report.diagnosis.verdict.level).toBeUndefined();
    expect(code).toBe(0);
  });
});
