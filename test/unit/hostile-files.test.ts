import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { parseInWorker } from '../../src/service/profile/parse-in-worker';
import { cli, plateau, root, temporaryFolder, until } from '../support/run';

/**
 * A workspace from a stranger, on POSIX: pipes, devices, sockets, links that lead out, files without end,
 * wherever a file is named that is read. Nothing waits, nothing fills the memory, and no word of what lies
 * outside is said. The runner's own limit is the clock.
 */
const SECRET = 'correct-horse-battery-staple';
const MAPS = ['zero', 'pipe', 'mem', 'sparse', 'out', 'socket', 'folder', 'broken'] as const;

const folder = temporaryFolder();
const outside = temporaryFolder({ 'secret.yml': `${SECRET}: [`, 'secret.json': `{"${SECRET}":` });
const at = (...names: string[]): string => path.join(folder.path, ...names);
const server = net.createServer();

/** A profile of one function for each script, with enough samples for findings. */
function profileOf(scripts: readonly string[]): string {
  const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, scriptId: '1', url, lineNumber, columnNumber: 0 });
  const nodes = [
    { id: 1, callFrame: frame('(root)', '', -1), children: scripts.map((_, i) => i + 2), hitCount: 0 },
    ...scripts.map((file, i) => ({ id: i + 2, callFrame: frame(`work${i}`, file, 0), hitCount: 50, positionTicks: [{ line: 1, ticks: 50 }] })),
  ];
  const samples = scripts.flatMap((_, i) => Array.from({ length: 50 }, () => i + 2));
  return JSON.stringify({ nodes, startTime: 0, endTime: samples.length * 1000, samples, timeDeltas: samples.map(() => 1000) });
}

function special(kind: (typeof MAPS)[number], file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  if (kind === 'pipe') execFileSync('mkfifo', [file]);
  else if (kind === 'folder') mkdirSync(file);
  else if (kind === 'sparse') {
    writeFileSync(file, '');
    truncateSync(file, 2 ** 32);
  } else {
    const target = {
      zero: '/dev/zero',
      mem: '/proc/self/mem',
      out: path.join(outside.path, 'secret.json'),
      socket: path.join(folder.path, 's'),
      broken: at('nowhere'),
    };
    symlinkSync(target[kind], file);
  }
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(at('s'), resolve));
  mkdirSync(at('.git'));
  for (const kind of MAPS) {
    folder.file(`src/${kind}.js`, `function work() { for (;;); }\n//# sourceMappingURL=${kind}.map\n`);
    special(kind, at('src', `${kind}.map`));
    special(kind, at('profiles', `${kind}.cpuprofile`));
    special(kind, at('profiles', `${kind}.heapsnapshot`));
    folder.file(`beside/${kind}.cpuprofile`, profileOf([at('src', 'plain.js')]));
    special(kind, at('beside', `${kind}.plateau.json`));
    special(kind, at('doctor', `${kind}.doctor.json`));
    special(kind, at('states', kind, '.plateau', 'findings.json'));
    special(kind, at('.plateau', 'rules', `${kind}.yml`));
  }
  rmSync(at('.plateau', 'rules', 'out.yml'));
  symlinkSync(path.join(outside.path, 'secret.yml'), at('.plateau', 'rules', 'out.yml'));
  folder.file('src/plain.js', 'function work() { for (;;); }\n');
  folder.file('src/device.js', 'function work() { for (;;); }\n//# sourceMappingURL=/dev/zero\n');
  folder.file('maps.cpuprofile', profileOf([...MAPS.map((kind) => at('src', `${kind}.js`)), at('src', 'device.js')]));
  folder.file('urls.cpuprofile', profileOf([...MAPS.map((kind) => at('src', `${kind}.map`)), '/dev/zero', '/proc/self/mem']));
  folder.file('good.cpuprofile', profileOf([at('src', 'plain.js')]));
});

afterAll(() => {
  server.close();
  folder.remove();
  outside.remove();
});

const isLinux = process.platform === 'linux';

/** The most memory that a process has had, bytes. */
const peakOf = (pid: number): number => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

describe.runIf(isLinux)('the command line', () => {
  /** Under a limit of addresses it would fail where it reads without end; what it says is compared. */
  const run = async (...args: string[]) => plateau(args, { cwd: folder.path });

  test.each([
    ['zero', /is a device, not a file/],
    ['pipe', /is a pipe, not a file/],
    ['mem', /cannot be read: EIO/],
    ['sparse', /of none of the formats/],
    ['out', /not a CPU profile/],
    ['socket', /is a socket, not a file/],
    ['folder', /is a folder, not a file/],
    ['broken', /leads to no file/],
  ] as const)('says what is wrong with a profile that is: %s', async (kind, words) => {
    const { code, stderr } = await run('analyze', at('profiles', `${kind}.cpuprofile`));
    expect([code, stderr]).toEqual([4, expect.stringMatching(words)]);
    expect(stderr).not.toContain(SECRET);
    const heap = await run('heap', 'summary', at('profiles', `${kind}.heapsnapshot`));
    expect(heap.code).toBe(4);
    expect(heap.stderr).toMatch(kind === 'sparse' || kind === 'out' ? /not a heap snapshot/ : words);
  });

  test('reads a profile whose scripts have such maps, and tells which are not read', async () => {
    const { code, stdout, stderr } = await run('analyze', 'maps.cpuprofile');
    expect(code).toBe(0);
    expect(stderr).toMatch(/source map .*out\.map is a link to a place outside/);
    expect(stderr).toMatch(/source map .*pipe\.map is a pipe/);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('reads a profile whose scripts are such files themselves', async () => {
    expect((await run('analyze', 'urls.cpuprofile')).code).toBe(0);
  });

  test.each(MAPS)('reads a profile whose sidecar and decisions are: %s', async (kind) => {
    const { code, stdout, stderr } = await plateau(['analyze', at('beside', `${kind}.cpuprofile`)], { cwd: at('states', kind) });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(/findings\.json/.test(stderr)).toBe(true);
  });

  test('tells of rules that are not read, and not what is in them', async () => {
    const { stderr } = await run('analyze', 'good.cpuprofile');
    expect(stderr).toMatch(/out\.yml.*is a link to a place outside/);
    expect(stderr).toMatch(/pipe\.yml.*is a pipe/);
    expect(stderr).toMatch(/zero\.yml.*outside|zero\.yml.*device/);
    expect(stderr).not.toContain(SECRET);
  });
});

describe.runIf(isLinux)('the server', () => {
  let connection: MessageConnection;
  let pid = 0;
  let stop = (): void => {};
  const published = new Map<string, Diagnostic[]>();
  const storage = (): string => at('storage');
  const open = (file: string): Promise<{ failed?: string; warnings?: readonly string[] }> =>
    connection.sendRequest('plateau/open', { file, storage: storage() });

  beforeAll(async () => {
    const child = spawn(process.execPath, [cli, 'lsp', '--stdio'], { cwd: folder.path, stdio: ['pipe', 'pipe', 'inherit'] });
    pid = child.pid as number;
    connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      published.set(uri, diagnostics);
    });
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      capabilities: {},
      rootUri: pathToFileURL(folder.path).href,
      workspaceFolders: [{ uri: pathToFileURL(folder.path).href, name: 'w' }],
    });
    await connection.sendNotification('initialized', {});
    stop = () => {
      connection.dispose();
      child.kill();
    };
  });
  afterAll(() => stop());

  test('opens what can be opened, says why of the rest, and goes on', async () => {
    expect(await open(at('good.cpuprofile'))).not.toHaveProperty('failed');
    for (const kind of MAPS) {
      const { failed } = await open(at('profiles', `${kind}.cpuprofile`));
      expect(failed, kind).toMatch(/./);
      expect(failed).not.toContain(SECRET);
      const heap = await connection.sendRequest<{ failed?: string }>('plateau/heapOpen', { file: at('profiles', `${kind}.heapsnapshot`) });
      expect(heap.failed, kind).toMatch(/./);
      expect(await open(at('beside', `${kind}.cpuprofile`)), kind).not.toHaveProperty('failed');
      const doctor = await connection.sendRequest<{ failed?: string }>('plateau/doctor', { file: at('doctor', `${kind}.doctor.json`) });
      expect(doctor.failed, kind).toMatch(/./);
      expect(doctor.failed).not.toContain(SECRET);
    }
    for (const name of ['maps', 'urls']) {
      const file = at(`${name}.cpuprofile`);
      expect(await open(file), name).not.toHaveProperty('failed');
      for (let func = 1; func <= MAPS.length; func++) await connection.sendRequest('plateau/place', { file, func });
      expect(await connection.sendRequest('plateau/findings', { file }), name).toBeInstanceOf(Array);
    }
    const listed = await connection.sendRequest<{ file: string }[]>('plateau/recordings', { folder: at('beside') });
    expect(listed).toHaveLength(MAPS.length);
    expect(await connection.sendRequest('plateau/recordings', { folder: at('profiles') })).toBeInstanceOf(Array);
    expect(await open(at('good.cpuprofile'))).not.toHaveProperty('failed');
    expect(peakOf(pid)).toBeLessThan(700e6);
  });

  test('marks rules that are not read at their place, without a word of them', async () => {
    const messagesOf = (kind: string): string =>
      (published.get(pathToFileURL(at('.plateau', 'rules', `${kind}.yml`)).href) ?? []).map(({ message }) => message).join();
    await until(() => messagesOf('out') !== '' && messagesOf('pipe') !== '', 20_000);
    expect(messagesOf('out')).toMatch(/is a link to a place outside/);
    expect(messagesOf('pipe')).toMatch(/is a pipe/);
    expect(JSON.stringify([...published])).not.toContain(SECRET);
  });
});

test('a thread that reads a file which takes too much memory ends, and nothing else does', async () => {
  const file = path.join(os.tmpdir(), `plateau-bomb-${process.pid}.json`);
  writeFileSync(file, `{"traceEvents":[${'{},'.repeat(6_000_000)}{}]}`);
  try {
    const read = await parseInWorker(path.join(root, 'dist', 'profile-worker.mjs'), file, {}, { maxOldGenerationSizeMb: 64 });
    expect(read).toEqual({ ok: false, error: { kind: 'too-heavy', needed: expect.any(Number), available: expect.any(Number) } });
  } finally {
    rmSync(file);
  }
});
