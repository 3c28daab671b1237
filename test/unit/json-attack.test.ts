import { afterAll, beforeAll, expect, test } from 'vitest';
import { attackCommands, attackReaders, prepareAttack } from '../support/json-attack';
import { mutations } from '../support/mutate-json';
import { rawFromText } from '../support/raw-profile';
import { type Folder, temporaryFolder } from '../support/run';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
  prepareAttack(folder.path, JSON.stringify(rawFromText('main > f x60\nmain > g x40')));
});
afterAll(() => folder.remove());

test('mutations are the same for a seed, differ, and mostly parse', () => {
  const value = { a: [1, { b: 'x' }], c: null };
  const [first, again, other] = [1, 1, 2].map((seed) => [...mutations(value, 200, seed)]);
  expect(first).toEqual(again);
  expect(first).not.toEqual(other);
  const parse = first?.filter((text) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  });
  expect(parse?.length).toBeGreaterThan(100);
  expect(new Set(first).size).toBeGreaterThan(100);
});

test('whatever stands in a file, nothing throws, and one that is bad costs only itself', async () => {
  expect(await attackReaders(folder.path, 100, 99)).toEqual([]);
}, 120_000);

test('no command of the command line crashes', async () => {
  const { run, failures } = await attackCommands(folder.path, 40, 7);
  expect(failures).toEqual([]);
  expect(run).toBe(7 * 41);
}, 180_000);
