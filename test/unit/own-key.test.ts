import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRecipe, ownFolder, sealRecipe } from '../../src/service/recordings/own-key';
import type { Recipe } from '../../src/shared/recipe';
import { MASK } from '../../src/shared/secrets';
import { type Folder, temporaryFolder } from '../support/run';

let folder: Folder;
let own: string;
beforeEach(() => {
  folder = temporaryFolder();
  own = path.join(folder.path, 'config', 'plateau');
});
afterEach(() => folder.remove());

const recipe: Recipe = { kind: 'program', command: 'node', args: ['x.js', '--token', 'geheim'], cwd: '/work' };
const mode = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);

describe('a recipe of this machine', () => {
  test('is known again, with its secrets, which stand nowhere else', async () => {
    const sealed = await sealRecipe(recipe, own);
    expect(sealed.recipe).toEqual({ ...recipe, args: ['x.js', '--token', MASK] });
    expect(JSON.stringify(sealed)).not.toContain('geheim');
    const read = JSON.parse(JSON.stringify(sealed)) as typeof sealed;
    expect(await openRecipe(read, own)).toEqual({ recipe, isOwn: true, missing: 0 });
  });
  test('whatever the order of its fields', async () => {
    const { seal } = await sealRecipe(recipe, own);
    const turned = Object.fromEntries(Object.entries({ ...recipe, args: ['x.js', '--token', MASK] }).reverse()) as unknown as Recipe;
    expect((await openRecipe({ recipe: turned, seal }, own)).isOwn).toBe(true);
  });
  test('whose secrets are gone asks for them', async () => {
    const sealed = await sealRecipe(recipe, own);
    fs.rmSync(path.join(own, 'recipes'), { recursive: true });
    expect(await openRecipe(sealed, own)).toEqual({ recipe: sealed.recipe, isOwn: true, missing: 1 });
  });
  test.skipIf(process.platform === 'win32')('files are 0600, folders 0700', async () => {
    const { seal } = await sealRecipe(recipe, own);
    expect([own, path.join(own, 'recipes')].map(mode)).toEqual(['700', '700']);
    expect([path.join(own, 'key'), path.join(own, 'recipes', seal ?? '')].map(mode)).toEqual(['600', '600']);
  });
  test('twenty at once make one key', async () => {
    const seals = await Promise.all(Array.from({ length: 20 }, () => sealRecipe(recipe, own)));
    expect(new Set(seals.map(({ seal }) => seal)).size).toBe(1);
    expect(fs.readdirSync(own).sort()).toEqual(['key', 'recipes']);
  });
});

describe('a recipe is a stranger', () => {
  const foreign = { recipe: { ...recipe, args: ['x.js', '--token', MASK] }, isOwn: false, missing: 1 };
  test('without a seal', async () => {
    const { recipe: masked } = await sealRecipe(recipe, own);
    expect(await openRecipe({ recipe: masked }, own)).toEqual(foreign);
  });
  test('without a key', async () => {
    const sealed = await sealRecipe(recipe, own);
    expect(await openRecipe(sealed, path.join(folder.path, 'other'))).toEqual(foreign);
  });
  test.each([
    ['its command', { command: 'sh' }],
    ['its arguments', { args: ['y.js', '--token', MASK] }],
    ['its folder', { cwd: '/elsewhere' }],
  ])('that was changed in %s, and gets no secrets', async (_, change) => {
    const sealed = await sealRecipe(recipe, own);
    const opened = await openRecipe({ ...sealed, recipe: { ...sealed.recipe, ...change } as Recipe }, own);
    expect(opened.isOwn).toBe(false);
    expect(JSON.stringify(opened)).not.toContain('geheim');
  });
  test.each(['', 'x', '0'.repeat(64), '../key', '0'.repeat(63)])('with the seal "%s"', async (seal) => {
    await sealRecipe(recipe, own);
    expect((await openRecipe({ ...foreign, seal }, own)).isOwn).toBe(false);
  });
  test.skipIf(process.platform === 'win32')('where others may have read or written the key', async () => {
    const sealed = await sealRecipe(recipe, own);
    fs.chmodSync(path.join(own, 'key'), 0o644);
    expect((await openRecipe(sealed, own)).isOwn).toBe(false);
    fs.chmodSync(path.join(own, 'key'), 0o600);
    fs.chmodSync(own, 0o777);
    expect((await openRecipe(sealed, own)).isOwn).toBe(false);
    fs.chmodSync(own, 0o700);
    expect((await openRecipe(sealed, own)).isOwn).toBe(true);
  });
  test.skipIf(process.platform === 'win32')('where the key is a link', async () => {
    const sealed = await sealRecipe(recipe, own);
    fs.renameSync(path.join(own, 'key'), path.join(folder.path, 'moved'));
    fs.symlinkSync(path.join(folder.path, 'moved'), path.join(own, 'key'));
    expect((await openRecipe(sealed, own)).isOwn).toBe(false);
  });
  test('where nothing can be kept', async () => {
    folder.file('file', '');
    expect(await sealRecipe(recipe, path.join(folder.path, 'file', 'plateau'))).toEqual({ recipe: foreign.recipe });
  });
});

test('the folder is the one of the system', () => {
  expect(ownFolder({}, 'linux', '/home/me')).toBe('/home/me/.config/plateau');
  expect(ownFolder({ XDG_CONFIG_HOME: '/x' }, 'linux', '/home/me')).toBe('/x/plateau');
  expect(ownFolder({ XDG_CONFIG_HOME: 'relative' }, 'linux', '/home/me')).toBe('/home/me/.config/plateau');
  expect(ownFolder({}, 'darwin', '/Users/me')).toBe('/Users/me/Library/Application Support/plateau');
  expect(ownFolder({ APPDATA: 'C:\\Users\\me\\AppData\\Roaming' }, 'win32', 'C:\\Users\\me')).toBe('C:\\Users\\me\\AppData\\Roaming\\plateau');
  expect(ownFolder({}, 'win32', 'C:\\Users\\me')).toBe('C:\\Users\\me\\AppData\\Roaming\\plateau');
});

test('without a home the folder is absolute, and of this user alone', () => {
  const without = ownFolder({}, 'linux', '');
  expect(path.isAbsolute(without)).toBe(true);
  expect(without).toContain(String(process.getuid?.() ?? 'user'));
});
