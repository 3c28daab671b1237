/** What is below `.plateau` of a repository may be a link to elsewhere: nothing is listed, moved, deleted, renamed or written through it. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ShowMessageNotification } from 'vscode-languageserver';
import { movableFiles } from '../../src/extension/movable-files';
import { findBaseline } from '../../src/service/findings/baseline-findings';
import { updateStates } from '../../src/service/findings/finding-states';
import { loadOwnRules, rulesFolder } from '../../src/service/patterns/own-rules';
import { patternScanner } from '../../src/service/patterns/pattern-scanner';
import { listRecordings, renameRecording } from '../../src/service/recordings/recordings';
import { startLanguageServer } from '../support/language-server';
import { plateau, root, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

const profile = JSON.stringify({
  nodes: [{ id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, children: [] }],
  startTime: 0,
  endTime: 1000,
  samples: [1],
  timeDeltas: [1000],
});

const info = (title: string, recordedAt: string, threads?: readonly string[]): string =>
  JSON.stringify({
    version: 1,
    title,
    recordedAt,
    recipe: { kind: 'command', command: 'node a.js', cwd: '/' },
    node: 'v22.0.0',
    pid: 1,
    interval: 1000,
    headline: { duration: 1000, active: 1000, samples: 1 },
    sources: {},
    ...(threads
      ? { threads: threads.map((file) => ({ file, pid: 1, threadId: 0, name: 'x', startTime: 0, endTime: 1, active: 1, waiting: 0, samples: 1 })) }
      : {}),
  });

/** A repository, and recordings of the user's own that are none of its business. */
function beside() {
  const folder = temporaryFolder({
    'repo/busy.js': 'for (const end = Date.now() + 300; Date.now() < end; ) Math.sqrt(2);\n',
    'mine/own.cpuprofile': profile,
    'mine/own.plateau.json': info('own', '2026-01-01T00:00:00.000Z'),
    'mine/notes.txt': 'mine\n',
  });
  const at = (...names: string[]): string => path.join(folder.path, ...names);
  return { folder, repo: at('repo'), mine: at('mine'), at, profiles: at('repo', '.plateau', 'profiles') };
}

const link = (target: string, file: string): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(target, file);
};

describe('recordings', () => {
  test.each([
    ['.plateau', '.plateau', '..'],
    ['its folder', '.plateau/profiles', '.'],
  ])('are not listed where %s is a link out of the workspace', async (_, where, target) => {
    const { folder, repo, mine, at, profiles } = beside();
    try {
      mkdirSync(at('mine', 'profiles'));
      writeFileSync(at('mine', 'profiles', 'own.cpuprofile'), profile);
      link(path.join(mine, target === '..' ? '' : 'profiles'), path.join(repo, where));
      expect(await listRecordings(profiles)).toEqual([]);
      expect(await findBaseline(path.join(profiles, 'own.cpuprofile'), JSON.parse(info('own', '2027-01-01T00:00:00.000Z')))).toBeUndefined();
      // Where the user keeps them, they are.
      expect((await listRecordings(mine)).map(({ file }) => path.basename(file))).toEqual(['own.cpuprofile']);
    } finally {
      folder.remove();
    }
  });

  test('that are links to elsewhere are none of the folder, and are not moved away when they are deleted', async () => {
    const { folder, mine, profiles } = beside();
    try {
      link(path.join(mine, 'own.cpuprofile'), path.join(profiles, 'linked.cpuprofile'));
      link('/dev/zero', path.join(profiles, 'real.plateau.json'));
      link(path.join(mine, 'notes.txt'), path.join(profiles, 'real.doctor.json'));
      writeFileSync(path.join(profiles, 'real.cpuprofile'), profile);
      expect((await listRecordings(profiles)).map(({ file }) => path.basename(file))).toEqual(['real.cpuprofile']);
      expect(await movableFiles(path.join(profiles, 'linked.cpuprofile'), [])).toEqual([]);
      expect(await movableFiles(path.join(profiles, 'real.cpuprofile'), [])).toEqual([path.join(profiles, 'real.cpuprofile')]);
      writeFileSync(path.join(profiles, 'whole.cpuprofile'), profile);
      writeFileSync(path.join(profiles, 'whole.plateau.json'), info('whole', '2026-01-01T00:00:00.000Z'));
      expect((await movableFiles(path.join(profiles, 'whole.cpuprofile'), [])).map((one) => path.basename(one))).toEqual([
        'whole.cpuprofile',
        'whole.plateau.json',
      ]);
    } finally {
      folder.remove();
    }
  });

  test('of others are no threads of one, whatever it says: deleting it would delete them', async () => {
    const { folder, mine } = beside();
    try {
      writeFileSync(path.join(mine, 'brought.cpuprofile'), profile);
      writeFileSync(path.join(mine, 'brought.t2.cpuprofile'), profile);
      const threads = ['brought.cpuprofile', 'own.cpuprofile', 'brought.t2.cpuprofile'];
      writeFileSync(path.join(mine, 'brought.plateau.json'), info('brought', '2026-01-02T00:00:00.000Z', threads));
      const rows = await listRecordings(mine);
      expect(rows.map(({ file, beside: others }) => [file, ...others].map((one) => path.basename(one)))).toEqual([
        ['brought.cpuprofile', 'brought.t2.cpuprofile'],
        ['own.cpuprofile'],
      ]);
    } finally {
      folder.remove();
    }
  });

  test('are not renamed through a link', async () => {
    const { folder, mine, profiles } = beside();
    try {
      link(path.join(mine, 'own.plateau.json'), path.join(profiles, 'real.plateau.json'));
      writeFileSync(path.join(profiles, 'real.cpuprofile'), profile);
      expect(await renameRecording(path.join(profiles, 'real.cpuprofile'), 'taken')).toBe(false);
      expect(await renameRecording(path.join(mine, 'own.cpuprofile'), 'own')).toBe(true);
      expect(JSON.parse(readFileSync(path.join(mine, 'own.plateau.json'), 'utf8')).title).toBe('own');
    } finally {
      folder.remove();
    }
  });

  test('that are written replace a link in the place of what comes with them, and follow one that the user named', async () => {
    const { folder, repo, mine } = beside();
    try {
      link(path.join(mine, 'notes.txt'), path.join(repo, 'run.plateau.json'));
      link('real.cpuprofile', path.join(repo, 'run.cpuprofile'));
      writeFileSync(path.join(repo, 'real.cpuprofile'), '');
      const { code } = await plateau(['record', '--out', 'run.cpuprofile', '--force', '--', process.execPath, 'busy.js'], { cwd: repo });
      expect(code).toBe(0);
      expect(readFileSync(path.join(mine, 'notes.txt'), 'utf8')).toBe('mine\n');
      expect(lstatSync(path.join(repo, 'run.plateau.json')).isFile()).toBe(true);
      expect(lstatSync(path.join(repo, 'run.cpuprofile')).isSymbolicLink()).toBe(true);
      expect(JSON.parse(readFileSync(path.join(repo, 'real.cpuprofile'), 'utf8')).nodes.length).toBeGreaterThan(1);
    } finally {
      folder.remove();
    }
  });
});

test('what is decided about findings is not written through a link, and no rules are read through one', async () => {
  const { folder, repo, mine, at } = beside();
  const scanner = patternScanner(path.join(root, 'dist'));
  try {
    link(mine, path.join(repo, '.plateau'));
    mkdirSync(at('mine', 'rules'));
    writeFileSync(at('mine', 'rules', 'a.yml'), 'id: secret-of-mine\n');
    const done = await updateStates(
      path.join(repo, '.plateau', 'findings.json'),
      () => new Map([['x', { status: 'done', at: '2026-01-01T00:00:00.000Z', title: 'x' }]]),
    );
    expect(done.ok).toBe(false);
    expect(readdirSync(mine).filter((name) => name.startsWith('findings'))).toEqual([]);
    const rules = await loadOwnRules(rulesFolder(repo), scanner);
    expect(rules?.rules).toEqual([]);
    expect(JSON.stringify(rules)).not.toContain('secret-of-mine');
  } finally {
    scanner.dispose();
    folder.remove();
  }
});

test('the language server lists, records, hunts and exports nothing through a link, and says which one it is', async () => {
  const { folder, repo, mine } = beside();
  symlinkSync(mine, path.join(repo, 'kept')); // as the settings of a workspace may name it
  symlinkSync(path.join(mine, 'notes.txt'), path.join(repo, 'own.md'));
  writeFileSync(path.join(repo, 'run.cpuprofile'), profile);
  const { connection, end } = await startLanguageServer(repo);
  const warnings: string[] = [];
  connection.onNotification(ShowMessageNotification.type, ({ message }) => void warnings.push(message));
  const before = readdirSync(mine).sort();
  const kept = path.join(repo, 'kept');
  const recipe = { kind: 'program', command: process.execPath, args: ['busy.js'], cwd: repo };
  const common = { recipe, folder: kept, nodePath: process.execPath, interval: 1000 };
  const refusal = { failed: expect.stringContaining(`${kept} is a link to outside of the workspace`) };
  try {
    expect(await connection.sendRequest('plateau/recordings', { folder: kept })).toEqual([]);
    await until('the link is told', () => warnings.some((one) => one.includes(`${kept} is a link to outside of the workspace`)));
    expect(await connection.sendRequest('plateau/record', { ...common, token: '1', checkpoint: 2, daemons: 'leave' })).toEqual(refusal);
    expect(await connection.sendRequest('plateau/record', { ...common, token: '2', checkpoint: 2, daemons: 'leave', diagnose: true })).toEqual(refusal);
    expect(await connection.sendRequest('plateau/recordHeap', { ...common, token: '3', heap: 'snapshot', includesCollected: false })).toEqual(refusal);
    const hunt = { ...common, token: '4', exercise: { kind: 'by-hand' }, times: 1, warmup: 0, tracksAllocations: false };
    expect(await connection.sendRequest('plateau/hunt', hunt)).toEqual(refusal);
    const exported = { file: path.join(repo, 'run.cpuprofile'), format: 'markdown', out: path.join(repo, 'own.md') };
    expect(await connection.sendRequest('plateau/export', exported)).toEqual({ failed: expect.stringContaining('own.md is a link to another place') });
    expect(await connection.sendRequest('plateau/export', { ...exported, out: path.join(repo, 'new.md') })).toEqual({ bytes: expect.any(Number) });
    expect(readFileSync(path.join(mine, 'notes.txt'), 'utf8')).toBe('mine\n');
    expect(readdirSync(mine).sort()).toEqual(before);
    expect(existsSync(path.join(realpathSync(repo), 'new.md'))).toBe(true);
  } finally {
    end();
    folder.remove();
  }
});
