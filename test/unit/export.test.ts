import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import type { ExportFormat } from '../../src/service/export/export-formats';
import { exportFormats, exportPath } from '../../src/service/export/export-formats';
import { exportProfile } from '../../src/service/export/export-profile';
import { fileText, sharedFileText } from '../../src/service/export/place-text';
import { openProfile } from '../../src/service/profile/opened-profile';
import { fileLocator } from '../../src/source/maps/locate';
import { profileFromText, rawFromText } from '../support/raw-profile';
import { cli, plateau, root, temporaryFolder } from '../support/run';

const folder = temporaryFolder({ 'hot.cpuprofile': JSON.stringify(rawFromText('main > hot@file:///app/hot.js:3 x60\nmain > other x40')) });
afterAll(() => folder.remove());
const run = (...args: string[]) => plateau(args, { cwd: folder.path });
const read = (name: string) => readFileSync(path.join(folder.path, name), 'utf8');

describe('plateau export', () => {
  test('every format writes to a file what it writes to a pipe, and is in the help and the docs', async () => {
    const { stdout: help } = await run('help', 'export');
    const page = readFileSync(path.join(root, 'docs', 'export.md'), 'utf8');
    for (const { name, description, extension, isForTerminal } of exportFormats) {
      expect(help).toContain(`--to ${name}`);
      expect(page).toContain(`\n| \`${name}\` |`);
      expect(help).toContain(description);
      const out = `written.${extension}`;
      const filed = await run('export', 'hot.cpuprofile', '--to', name, '--out', out);
      expect([filed.code, filed.stdout, filed.stderr]).toEqual([0, '', `Written to ${out}\n`]);
      const piped = await run('export', 'hot.cpuprofile', '--to', name);
      // The report says when it was made.
      const timeless = (text: string) => text.replace(/<time.*?<\/time>/, '');
      expect([piped.code, timeless(piped.stdout)]).toEqual([0, timeless(read(out))]);
      if (isForTerminal) expect(piped.stdout).toContain('hot');
    }
  });
  test('wrong formats are told the right ones', async () => {
    const { code, stderr } = await run('export', 'hot.cpuprofile', '--to', 'svg');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--to takes html, markdown, .* or \w+, not "svg"\./)]);
  });
  test.each([
    [['--out', 'gone/a.html'], /The folder of gone\/a\.html does not exist/],
    [['--out', 'taken', '--force'], /taken is a folder/],
    [['--out', 'hot.cpuprofile', '--force'], /is the profile itself/],
    [['--out', 'link.html', '--force'], /is the profile itself/],
  ])('%j is refused, and nothing is lost', async (args, message) => {
    mkdirSync(path.join(folder.path, 'taken'), { recursive: true });
    if (!existsSync(path.join(folder.path, 'link.html'))) linkSync(path.join(folder.path, 'hot.cpuprofile'), path.join(folder.path, 'link.html'));
    const before = read('hot.cpuprofile');
    const { code, stderr } = await run('export', 'hot.cpuprofile', '--to', 'html', ...args);
    expect([code, stderr]).toEqual([4, expect.stringMatching(message)]);
    expect(read('hot.cpuprofile')).toBe(before);
  });
  // `script` gives a command a terminal.
  test.skipIf(process.platform !== 'linux' || spawnSync('script', ['--version']).error !== undefined)('a terminal gets no HTML, but a hint', () => {
    const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(cli)} export hot.cpuprofile --to html`;
    const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], { cwd: folder.path, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stdout).toContain('give --out hot.html, or a pipe');
    expect(stdout).not.toContain('<!DOCTYPE');
  });
});

describe('exportProfile', () => {
  const profile = openProfile(path.join(folder.path, 'hot.cpuprofile'), profileFromText('main > hot x60'), {
    thresholds: defaultThresholds,
    locator: fileLocator([]),
    info: undefined,
  });
  const context = { bundleFolder: folder.path, version: '1.2.3', roots: [] };
  const format = (write: ExportFormat['write']): ExportFormat => ({ ...(exportFormats[0] as ExportFormat), write });

  test('text and bytes are written in order', async () => {
    const out = path.join(folder.path, 'mixed');
    const done = await exportProfile(
      profile,
      format(() => ['ä', 'b', new Uint8Array([0, 255]), 'c']),
      { out, overwrite: false },
      context,
    );
    expect(done).toEqual({ ok: true, value: 6 });
    expect([...readFileSync(out)]).toEqual([0xc3, 0xa4, 0x62, 0, 255, 0x63]);
  });
  test('what is cancelled half-way is taken away', async () => {
    const abort = new AbortController();
    const out = path.join(folder.path, 'half');
    let seen = false;
    const chunks = function* () {
      yield new Uint8Array(10);
      seen = existsSync(out);
      abort.abort();
      yield new Uint8Array(10);
    };
    expect(await exportProfile(profile, format(chunks), { out, overwrite: true, signal: abort.signal }, context)).toEqual({
      ok: false,
      error: { kind: 'cancelled' },
    });
    expect([seen, existsSync(out)]).toEqual([true, false]);
  });
  test('without its parts the report is not begun, and an existing file stays', async () => {
    folder.file('kept.html', 'precious');
    const out = path.join(folder.path, 'kept.html');
    const done = await exportProfile(profile, exportFormats.find(({ name }) => name === 'html') as ExportFormat, { out, overwrite: true }, context);
    expect(done).toEqual({ ok: false, error: { kind: 'parts-missing', file: path.join(folder.path, 'report.js') } });
    expect(read('kept.html')).toBe('precious');
  });
  test.each([
    ['/a/app.cpuprofile', 'html', '/a/app.html'],
    ['/a/app.cpuprofile', 'cpuprofile', '/a/app-exported.cpuprofile'],
    ['/a/b.c/app', 'md', '/a/b.c/app.md'],
  ])('the place for %s as .%s is %s', (file, extension, out) => {
    expect(exportPath(file, { ...(exportFormats[0] as ExportFormat), extension })).toBe(out);
  });
});

describe.skipIf(process.platform === 'win32')('places', () => {
  test.each([
    ['file:///srv/app/src/a.ts', ['/srv/app'], 'src/a.ts'],
    ['/srv/app/src/a.ts', ['/srv', '/srv/app'], 'src/a.ts'],
    ['/srv/apple/a.ts', ['/srv/app'], '/srv/apple/a.ts'],
    ['node:fs', ['/'], 'node:fs'],
    ['https://example.org/a.js', ['/'], 'https://example.org/a.js'],
    ['file:///srv/app/%73rc/ä b.ts', ['/srv/app'], 'src/ä b.ts'],
  ])('%s from %j is %s', (url, roots, shown) => expect(fileText(url, roots)).toBe(shown));
  test('what is shared does not name the user', () => {
    expect(sharedFileText('file:///home/ada/x/a.ts', [], '/home/ada')).toBe('~/x/a.ts');
    expect(sharedFileText('file:///home/adam/a.ts', [], '/home/ada')).toBe('/home/adam/a.ts');
    expect(sharedFileText('file:///home/ada/x/a.ts', ['/home/ada/x'], '/home/ada')).toBe('a.ts');
  });
});
