import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { runtimeFolder } from '../../src/capture/environment/runtime-in-front';
import { channelInspector } from '../../src/capture/inspector/channel-inspector';
import type { InspectorSession } from '../../src/capture/inspector/inspector';
import { listTargets } from '../../src/capture/inspector/inspector-address';
import { fromRunnerSchema, lineReader } from '../../src/capture/launch/runner-protocol';
import { isHeapProfile, isProfile } from '../../src/capture/records/fitting-profile';
import { readRuntimes } from '../../src/capture/session/runtime-results';
import { announcedProcesses, beginningProcesses, readResults } from '../../src/capture/session/session-results';
import { type SessionServer, serveSession } from '../../src/capture/session/session-server';
import { mutations } from '../support/mutate-json';
import { type Folder, plateau, temporaryFolder } from '../support/run';

let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const frame = { functionName: 'f', scriptId: '1', url: 'file:///a.js', lineNumber: 0, columnNumber: 0 };
const profile = {
  nodes: [
    { id: 1, callFrame: { ...frame, functionName: '(root)' }, hitCount: 0, children: [2] },
    { id: 2, callFrame: frame, hitCount: 2, children: [], positionTicks: [{ line: 1, ticks: 2 }] },
  ],
  startTime: 1,
  endTime: 9,
  samples: [2, 2],
  timeDeltas: [1, 2],
};

describe('what a target writes into the folder of its recording', () => {
  const key = '77-ab';
  const announcement = { key, pid: 77, ppid: 1, version: 'v22.0.0', argv: ['node', 'a.js'], cwd: '/' };
  const thread = { threadId: 0, name: undefined, parts: [`${key}.0.p1.json`], isWhole: true };
  const files: Readonly<Record<string, object>> = {
    [`${key}.process.json`]: announcement,
    [`${key}.0.thread.json`]: thread,
    [`${key}.0.p1.json`]: { id: 3, result: { profile } },
    [`${key}.0.scripts.jsonl`]: { scriptId: '1', url: 'file:///a.js', sourceMapUrl: '' },
    [`${key}.0.heap.json`]: { used: 5, sampling: { result: { profile: { head: { callFrame: frame, selfSize: 1, id: 1, children: [] }, samples: [] } } } },
    'x.skipped.json': { reason: 'permission-model', argv: ['node'] },
    'loop.jsonl': { kind: 'measured', batches: [{ calls: 1, ns: 2 }], isAsync: false },
  };
  const write = (changed: string | undefined, text: string): void => {
    for (const [name, value] of Object.entries(files)) fs.writeFileSync(path.join(folder.path, name), name === changed ? text : JSON.stringify(value));
  };

  test('is read as it is meant', async () => {
    write(undefined, '');
    const { threads, missed, loop } = readResults(folder.path, true);
    expect(threads).toHaveLength(1);
    expect(await threads[0]?.parts[0]?.read()).toEqual(profile);
    expect(await threads[0]?.scripts()).toEqual([files[`${key}.0.scripts.jsonl`]]);
    expect(threads[0]?.measured?.heap?.used).toBe(5);
    expect(missed.map(({ reason }) => reason)).toEqual(['permission-model']);
    expect(loop).toEqual([files['loop.jsonl']]);
    expect(announcedProcesses(folder.path)).toMatchObject([{ pid: 77 }]);
  });

  test.each(Object.keys(files))('%s: whatever stands in it, nothing throws', async (name) => {
    for (const text of mutations(files[name], 300, 11)) {
      write(name, text);
      const { threads, missed, loop } = readResults(folder.path, true);
      announcedProcesses(folder.path);
      beginningProcesses(folder.path);
      for (const one of threads) {
        expect(Number.isInteger(one.pid) && one.argv.every((word) => typeof word === 'string')).toBe(true);
        for (const part of one.parts) {
          const read = await part.read();
          expect(read === undefined || isProfile(read)).toBe(true);
        }
        for (const script of await one.scripts()) expect(typeof script.url).toBe('string');
      }
      expect(missed.every(({ argv }) => argv.every((word) => typeof word === 'string'))).toBe(true);
      for (const message of loop) if (message.kind === 'measured') expect(message.batches.length).toBeGreaterThan(0);
    }
  });

  test.each([
    ['deno', 'CPU.1700000000000.77.cpuprofile'],
    ['bun', 'CPU.20261129.093450.77.0.001.cpuprofile'],
  ] as const)('what %s writes is a profile as V8 gives it, or none', async (runtime, name) => {
    const own = runtimeFolder(folder.path, runtime);
    fs.mkdirSync(own);
    const read = (): Promise<unknown> => readRuntimes(folder.path).threads[0]?.parts[0]?.read() as Promise<unknown>;
    const put = (text: string): void => fs.writeFileSync(path.join(own, name), text);
    put(JSON.stringify(profile));
    expect(await read()).toEqual(profile);
    put(JSON.stringify({ ...profile, nodes: [{ id: 1, callFrame: frame, children: [1] }] }));
    expect(await read()).toBeUndefined();
    for (const text of mutations(profile, 300, 5)) {
      put(text);
      const given = await read();
      expect(given === undefined || isProfile(given), text.slice(0, 200)).toBe(true);
    }
  });

  test('an announcement of more than any command line is none', () => {
    write(`${key}.process.json`, JSON.stringify({ ...announcement, argv: ['node', 'x'.repeat(33 << 20)] }));
    expect(announcedProcesses(folder.path)).toEqual([]);
    expect(readResults(folder.path, true).threads).toEqual([]);
    write(`${key}.process.json`, JSON.stringify({ ...announcement, argv: ['node', 'x'.repeat(2 << 20)] }));
    expect(announcedProcesses(folder.path)).toMatchObject([{ pid: 77 }]);
  });

  test('a part of another process, or outside of the folder, is not its own', () => {
    write(`${key}.0.thread.json`, JSON.stringify({ ...thread, parts: ['../../etc/passwd', `${key}.0./../../x`, '88-cd.0.p1.json'] }));
    expect(readResults(folder.path, false).threads).toEqual([]);
  });
});

describe('a tree that is none is no profile', () => {
  const nodes = (...children: number[][]): unknown => ({ ...profile, nodes: children.map((list, at) => ({ id: at + 1, callFrame: frame, children: list })) });
  test.each([
    ['a circle', nodes([2], [1])],
    ['a node that is its own child', nodes([1])],
    ['a child of two', nodes([2, 3], [3], [])],
    ['a child that is not there', nodes([9])],
    ['an id twice', { ...profile, nodes: [profile.nodes[1], profile.nodes[1]] }],
    ['a root below', nodes([2], [1, 3], [])],
  ])('%s', (_, value) => expect(isProfile(value)).toBe(false));
  test('a million allocations below each other need no stack', () => {
    let node = { callFrame: frame, selfSize: 1, children: [] as object[] };
    for (let i = 0; i < 1e6; i++) node = { callFrame: frame, selfSize: 1, children: [node] };
    expect(isHeapProfile({ head: node, samples: [] })).toBe(true);
  });
});

describe('what a target says over the socket', () => {
  const lines = [
    'null',
    '1',
    '[]',
    '"hello"',
    '{}',
    '{"kind":null}',
    '{"kind":"hello"}',
    '{"kind":"hello","key":{"a":1}}',
    '{"kind":"hello","key":"../x"}',
    '{',
  ];
  let server: SessionServer;
  const connect = (): net.Socket => net.connect(path.join(folder.path, 's')).on('error', () => {});
  beforeEach(async () => {
    server = await serveSession(path.join(folder.path, 's'));
  });
  afterEach(() => server.close());

  test('a connection that begins with anything else is closed', async () => {
    for (const line of lines) {
      const socket = connect();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(`${line}\n`);
      await closed;
    }
    expect(server.processes.size).toBe(0);
  });

  test('of one that is greeted, what does not fit is passed over', async () => {
    const connected = new Promise<string>((resolve) => {
      server.onConnect = (process) => resolve(process.key);
    });
    const socket = connect();
    socket.write('{"kind":"hello","key":"5-x"}\n');
    expect(await connected).toBe('5-x');
    const process = server.processes.get('5-x');
    const started: number[] = [];
    if (process) process.onThread = ({ threadId }) => started.push(threadId);
    for (const line of [
      ...lines,
      '{"kind":"thread"}',
      '{"kind":"thread","threadId":-1}',
      '{"kind":"thread","threadId":1e99}',
      '{"kind":"thread-ended","threadId":{}}',
    ])
      socket.write(`${line}\n`);
    for (const text of mutations({ kind: 'thread', threadId: 3, name: 'w' }, 200, 5)) socket.write(`${text.replaceAll('\n', ' ')}\n`);
    socket.write('{"kind":"thread","threadId":7}\n{"kind":"stopped"}\n');
    await process?.stopped;
    expect(started).toContain(7);
    expect(started.every((id) => Number.isSafeInteger(id) && id >= 0)).toBe(true);
    socket.destroy();
    await process?.gone;
  });
});

describe('what an inspector says', () => {
  let server: net.Server;
  let target: net.Socket;
  let inspector: InspectorSession;
  beforeEach(async () => {
    const address = path.join(folder.path, 'i');
    server = net.createServer();
    await new Promise<void>((resolve) => server.listen(address, resolve));
    const connection = new Promise<net.Socket>((resolve) => server.once('connection', resolve));
    inspector = channelInspector(net.connect(address));
    target = await connection;
    target.on('error', () => {});
  });
  afterEach(async () => {
    target.destroy();
    await inspector.closed;
    server.close();
  });

  test('no message throws, and those that fit are heard', async () => {
    const chunks: string[] = [];
    inspector.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk.toUpperCase()));
    const asked = inspector.send('Runtime.getHeapUsage');
    for (const line of [
      'null',
      '3',
      '[]',
      '{',
      '{"method":"error"}',
      '{"method":"error","params":1}',
      '{"id":"1","result":{}}',
      '{"method":"HeapProfiler.addHeapSnapshotChunk"}',
    ])
      target.write(`${line}\n`);
    const event = { method: 'HeapProfiler.addHeapSnapshotChunk', params: { chunk: 'abc' } };
    for (const text of mutations(event, 300, 3)) target.write(`${text.replaceAll('\n', ' ')}\n`);
    target.write('{"method":"HeapProfiler.addHeapSnapshotChunk","params":{"chunk":"last"}}\n{"id":1,"result":{"usedSize":1,"totalSize":2}}\n');
    expect(await asked).toEqual({ usedSize: 1, totalSize: 2 });
    expect(chunks.at(-1)).toBe('LAST');
  });

  test.each([
    ['Runtime.evaluate', { result: { type: 'string', value: 'x' } }],
    ['Runtime.getHeapUsage', { usedSize: 1, totalSize: 2 }],
    ['Profiler.stop', { profile }],
    ['HeapProfiler.stopSampling', { profile: { head: { callFrame: frame, selfSize: 1, id: 1, children: [] }, samples: [] } }],
    ['Runtime.getProperties', { result: [{ name: '0', value: { objectId: '1' } }] }],
  ] as const)('an answer to %s is one, or an error of the question', async (method, answer) => {
    let id = 0;
    const send = (): Promise<unknown> => inspector.send(method as 'Profiler.stop');
    const replies = mutations(answer, 200, 9);
    for (const text of replies) {
      const asked = send().then(
        () => 'answered',
        (error: unknown) => (error instanceof Error ? 'refused' : 'neither'),
      );
      target.write(`{"id":${++id},"result":${isJson(text) ? text.replaceAll('\n', ' ') : 'null'}}\n`);
      expect(['answered', 'refused']).toContain(await asked);
    }
    const asked = send();
    target.write(`${JSON.stringify({ id: ++id, result: answer })}\n`);
    expect(await asked).toEqual(answer);
  });
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test('what a runner says is passed over where it does not fit', () => {
  const seen: unknown[] = [];
  const read = lineReader(fromRunnerSchema, (message) => seen.push(message));
  for (const line of ['null', '{', '{"kind":"launched","pid":"1"}', '{"kind":"failed","issue":{"kind":"spawn-failed","command":{}}}']) read(`${line}\n`);
  expect(seen).toEqual([]);
  for (const text of mutations({ kind: 'exited', exit: { code: 1, signal: null } }, 200, 4)) read(`${text.replaceAll('\n', ' ')}\n`);
  for (const message of seen) expect(message).toMatchObject({ kind: 'exited' });
});

test('an inspector that lists another machine lists nothing', async () => {
  const server = net.createServer((socket) => {
    const body = JSON.stringify([null, { type: 'node', webSocketDebuggerUrl: 'ws://example.com:9229/x' }]).replace('null,', '');
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  expect(await listTargets('127.0.0.1', (server.address() as net.AddressInfo).port)).toEqual({ ok: true, value: [] });
  server.close();
});

test('an inspector whose answer would take all memory is left', async () => {
  const server = http.createServer((_, response) => {
    const { port } = server.address() as net.AddressInfo;
    response.end(JSON.stringify([{ type: 'node', webSocketDebuggerUrl: `ws://127.0.0.1:${port}/x` }]));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) =>
    socket.on('message', (asked) => {
      const { id, method } = JSON.parse(String(asked)) as { id: number; method: string };
      // 19 MB, for which JSON.parse takes some hundred.
      if (method === 'Profiler.stop') socket.send(`[${'[],'.repeat(6 << 20)}[]]`);
      else socket.send(JSON.stringify({ id, result: method === 'Runtime.evaluate' ? { result: { type: 'string', value: '{}' } } : {} }));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const env = { ...process.env, NODE_OPTIONS: '--max-old-space-size=96' };
  const { code, stderr } = await plateau(['record', '--attach', String(port), '--seconds', '1'], { cwd: folder.path, env });
  for (const socket of sockets.clients) socket.terminate();
  server.close();
  expect([code, stderr]).toEqual([4, expect.stringContaining('was closed while it was recorded')]);
});
