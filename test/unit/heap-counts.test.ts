import { afterAll, describe, expect, test } from 'vitest';
import type { HuntLeak, HuntResult } from '../../src/shared/hunt';
import { type Folder, plateau, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});

/** What a hunt says of a module whose `exercise` has this body, called eleven times a round. */
async function resultOf(body: string, ...more: string[]): Promise<HuntResult> {
  const text = `const kept = new Map(); const list = []; let head; let n = 0; export function exercise() { ${body} } export const all = () => [kept, list, head];`;
  const folder = temporaryFolder({ 'a.mjs': text });
  folders.push(folder);
  const { stdout, stderr } = await plateau(['heap', 'hunt', '--times', '11', '--warmup', '22', '--json', '--call', 'a.mjs#exercise', ...more], {
    cwd: folder.path,
  });
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as HuntResult;
}
const leakOf = async (body: string): Promise<HuntLeak | undefined> => (await resultOf(body, '--no-track')).leaks[0];

/** What is made each time, by hand. */
describe('a leak counts the objects that it names', () => {
  test.concurrent.each([
    ['with an empty one inside', 'kept.set(n++, { a: {} });', '{a}', 1],
    ['a key and a value', 'kept.set({ k: "k" + n }, { v: {}, n: n++ });', /^\{[kv]\}$/, 1],
    ['one of three levels', 'kept.set(n++, { url: "/" + n, headers: { host: "h" + n, of: {} }, when: {} });', '{url, headers, when}', 1],
    ['two of a kind', 'list.push({ a: "a" + n, b: [] }, { a: "b" + n++, b: [] });', '{a, b}', 2],
    [
      'five in a list each time',
      'let first; for (let i = 0; i < 5; i++) first = { next: first, text: "t" + n++ + i }; list.push(first);',
      /^\{(?:next, )?text/,
      5,
    ],
    ['one list that becomes longer', 'head = { next: head, text: "t" + n++ };', '{next, text}', 1],
    ['whose properties are data', 'n++; list.push({ ["user-" + n]: { at: [] } });', 'Object', 1],
    ['whose properties differ', 'n++; list.push(n % 3 ? { id: "i" + n, x: [] } : { id: "j" + n });', '{id, …}', 1],
    ['random numbers as keys', 'kept.set(Math.random(), new RegExp("r" + n++));', 'RegExp', 1],
  ] as const)('%s', async (_, body, className, each) => {
    const leak = await leakOf(body);
    expect(leak).toMatchObject({ verdict: 'leak', perExercise: each });
    if (typeof className === 'string') expect(leak?.className).toBe(className);
    else expect(leak?.className).toMatch(className);
    const [one, two, three] = leak?.counts ?? [0, 0, 0];
    expect([two - one, three - two]).toEqual([11 * each, 11 * each]);
  });
});

test('a name that is data is cut, in the headline too', async () => {
  const leak = await leakOf('(kept[String(n ? "k" : "k").repeat(300)] ??= []).push({ a: [] });');
  expect(leak?.summary).toMatch(/^`k+…k+` \(Array\)/);
  expect(leak?.summary.length).toBeLessThan(160);
});

test('timers in a list: the neighbour of one in the list of timers is no other way', async () => {
  const { leaks } = await resultOf('const timer = setInterval(() => n, 1e6); timer.unref(); list.push(timer);');
  expect(leaks[0]).toMatchObject({ className: 'Timeout', perExercise: 1 });
  expect(leaks[0]?.alsoKeptBy.map(({ text }) => text).filter((text) => text.includes('`list`'))).toEqual([]);
  expect(leaks[0]?.summary).toContain('`list` (Array)');
});

test('heap retainers names what is its own, and no frame of nothing', async () => {
  const { leaks, snapshots } = await resultOf('list.push({ a: [] });');
  const { stdout } = await plateau(['heap', 'retainers', snapshots[2]?.file as string, '--id', String(leaks[0]?.objectId)]);
  expect(stdout).toMatch(/\.__plateauCall of .*\(Plateau's own: it calls the function\)/);
  expect(stdout).toContain('Allocated in\n  exercise ');
  expect(stdout).not.toContain(':0:0');
});
