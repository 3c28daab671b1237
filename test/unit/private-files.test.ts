import fs from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { noteSlab, stampOf, writeSlab } from '../../src/service/profile/slab-cache';
import { writeWhole } from '../../src/service/recordings/keep-anywhere';
import { storeRecording } from '../../src/service/recordings/recordings';
import { plateau, temporaryFolder } from '../support/run';

const folder = temporaryFolder({ 'app.js': 'let s = 0; const end = Date.now() + 300; while (Date.now() < end) s += Math.sqrt(s + 1);\n' });
afterAll(() => folder.remove());

/** The modes of everything in a folder that others may read, write or enter. */
function open(at: string): string[] {
  return fs.readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) => (fs.statSync(path.join(at, name)).mode & 0o077) !== 0);
}

describe.skipIf(process.platform === 'win32')('what Plateau keeps is this user’s alone', () => {
  test.each([
    ['record', ['record', '--', 'node', 'app.js', '--token=geheim']],
    ['doctor', ['doctor', '--', 'node', 'app.js', '--token=geheim']],
    ['allocations', ['record', '--type', 'heap', '--', 'node', 'app.js', '--token=geheim']],
    ['a snapshot', ['record', '--type', 'snapshot', '--', 'node', 'app.js', '--token=geheim']],
  ])('%s, and the secret stands in none of it', async (_, args) => {
    const before = path.join(folder.path, '.plateau');
    fs.rmSync(before, { recursive: true, force: true });
    const config = path.join(folder.path, 'config');
    const { code, stdout, stderr } = await plateau(args, { cwd: folder.path, env: { ...process.env, XDG_CONFIG_HOME: config } });
    // The doctor's verdict is not what this is about.
    expect([0, 1, 3], stderr).toContain(code);
    const written = fs.readdirSync(before, { recursive: true, encoding: 'utf8' });
    expect(written.length).toBeGreaterThan(2);
    expect(open(folder.path).filter((name) => name.startsWith('.plateau') || name.startsWith('config'))).toEqual([]);
    expect(stdout + stderr).not.toContain('geheim');
    const texts = written.filter((name) => name.endsWith('.json'));
    expect(texts.length).toBeGreaterThan(0);
    for (const name of texts) expect(fs.readFileSync(path.join(before, name), 'utf8'), name).not.toContain('geheim');
    const sealed = JSON.parse(fs.readFileSync(path.join(before, texts.find((name) => name.endsWith('.plateau.json')) ?? ''), 'utf8')) as { seal: string };
    expect(JSON.parse(fs.readFileSync(path.join(config, 'plateau', 'recipes', sealed.seal), 'utf8'))).toEqual(['geheim']);
  });

  test('copies of open files, and what takes the place of one', async () => {
    const source = folder.file('open.txt', 'x');
    fs.chmodSync(source, 0o666);
    const there = folder.file('there.txt', 'old');
    fs.chmodSync(there, 0o644);
    await writeWhole([
      { file: path.join(folder.path, 'a.txt'), text: 'a' },
      { file: path.join(folder.path, 'b.txt'), from: source },
      { file: there, text: 'new' },
    ]);
    for (const name of ['a.txt', 'b.txt', 'there.txt']) expect(fs.statSync(path.join(folder.path, name)).mode & 0o777, name).toBe(0o600);
  });

  test('what a repository links to elsewhere under the name of a part is not written through', async () => {
    const victim = folder.file('elsewhere/rc', 'as it was');
    const file = folder.file('theirs/run.plateau.json', 'old');
    fs.symlinkSync(victim, `${file}.part-${process.pid}`);
    await writeWhole([{ file, text: 'new' }]);
    await writeWhole([{ file, from: folder.file('theirs/from.txt', 'newer') }]);
    expect([fs.readFileSync(victim, 'utf8'), fs.readFileSync(file, 'utf8')]).toEqual(['as it was', 'newer']);
  });

  test('slabs, and recordings in a folder that is made for them', async () => {
    const slabs = path.join(folder.path, 'slabs');
    const name = await writeSlab(slabs, new ArrayBuffer(8));
    const source = path.join(folder.path, 'app.js');
    await noteSlab(slabs, source, await stampOf(source), name, []);
    await storeRecording(path.join(folder.path, 'kept', 'deep'), 'x', async (file) => [{ file, text: '{}' }]);
    expect(fs.readdirSync(slabs)).toHaveLength(2);
    expect(open(folder.path).filter((one) => /^(?:slabs|kept)/.test(one))).toEqual([]);
  });
});
