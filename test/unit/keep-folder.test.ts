import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeKeepFolder } from '../../src/service/recordings/keep-folder';
import { plateau, temporaryFolder } from '../support/run';

/** A repository, and a folder that is none of its business. */
function repository() {
  const folder = temporaryFolder({ 'repo/busy.js': 'for (const end = Date.now() + 300; Date.now() < end; ) Math.sqrt(2);\n' });
  const repo = path.join(folder.path, 'repo');
  const outside = path.join(folder.path, 'outside');
  mkdirSync(outside);
  return { folder, repo, outside, profiles: path.join(repo, '.plateau', 'profiles') };
}

describe('a folder for recordings', () => {
  test('is not made through a link that leads out, whichever part of it is one', async () => {
    const { folder, repo, outside, profiles } = repository();
    try {
      symlinkSync(outside, path.join(repo, '.plateau'));
      await expect(makeKeepFolder(profiles)).rejects.toThrow('.plateau is a link to outside of the workspace');
      const other = path.join(folder.path, 'other');
      mkdirSync(path.join(other, '.plateau'), { recursive: true });
      symlinkSync(outside, path.join(other, '.plateau', 'profiles'));
      await expect(makeKeepFolder(path.join(other, '.plateau', 'profiles', 'deeper'))).rejects.toThrow('profiles is a link to outside of the workspace');
      symlinkSync(path.join(outside, 'not-there'), path.join(other, '.plateau', 'nothing'));
      await expect(makeKeepFolder(path.join(other, '.plateau', 'nothing'))).rejects.toThrow('link');
      expect(readdirSync(outside)).toEqual([]);
    } finally {
      folder.remove();
    }
  });

  test('keeps itself out of git, and leaves what stands there', async () => {
    const { folder, repo, profiles } = repository();
    try {
      await makeKeepFolder(profiles);
      expect(readFileSync(path.join(profiles, '.gitignore'), 'utf8')).toBe('*\n');
      writeFileSync(path.join(profiles, '.gitignore'), '!kept.cpuprofile\n');
      await makeKeepFolder(profiles);
      expect(readFileSync(path.join(profiles, '.gitignore'), 'utf8')).toBe('!kept.cpuprofile\n');
      await makeKeepFolder(path.join(repo, 'measurements'));
      expect(readdirSync(path.join(repo, 'measurements')), 'a folder that somebody has named is theirs').toEqual([]);
      const other = path.join(folder.path, 'other', '.plateau', 'profiles');
      mkdirSync(other, { recursive: true });
      symlinkSync(path.join(folder.path, 'nowhere'), path.join(other, '.gitignore'));
      await makeKeepFolder(other);
      expect(existsSync(path.join(folder.path, 'nowhere')), 'nothing is written through a link').toBe(false);
    } finally {
      folder.remove();
    }
  });

  test('is made through one that stays in the workspace, and where there is none', async () => {
    const { folder, repo, profiles } = repository();
    try {
      mkdirSync(path.join(repo, 'kept'));
      symlinkSync('kept', path.join(repo, '.plateau'));
      await makeKeepFolder(profiles);
      expect(existsSync(path.join(repo, 'kept', 'profiles'))).toBe(true);
      await makeKeepFolder(path.join(folder.path, 'plain', '.plateau', 'profiles'));
      expect(existsSync(path.join(folder.path, 'plain', '.plateau', 'profiles'))).toBe(true);
    } finally {
      folder.remove();
    }
  });

  test.each([
    ['record', ['record', '--', process.execPath, 'busy.js']],
    ['doctor', ['doctor', '--', process.execPath, 'busy.js']],
    ['a snapshot', ['record', '--type', 'snapshot', '--', process.execPath, 'busy.js']],
    ['allocations', ['record', '--type', 'allocations', '--', process.execPath, 'busy.js']],
  ])('%s writes nothing through it and says so', async (_, args) => {
    const { folder, repo, outside } = repository();
    try {
      symlinkSync(outside, path.join(repo, '.plateau'));
      const { stderr, stdout } = await plateau(args, { cwd: repo });
      expect(stderr + stdout).toContain('is a link to outside of the workspace; remove the link, or name another folder');
      expect(readdirSync(outside)).toEqual([]);
    } finally {
      folder.remove();
    }
  });
});
