import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeapGraph } from '../../src/core/heap/graph/heap-graph';
import { withinMemory } from '../../src/service/support/heap-memory';
import { err, ok } from '../../src/shared/result';
import { snapshotText } from '../support/heap';
import { cli, type Folder, temporaryFolder } from '../support/run';

const nodes = 4_000_000;
const megabyte = 2 ** 20;

let folder: Folder;
let file: string;

/** A file of 66 MB whose header tells of four million nodes; nobody gets as far as to see that they are blanks. */
beforeAll(() => {
  folder = temporaryFolder({});
  file = path.join(folder.path, 'large.heapsnapshot');
  const header = snapshotText([{ type: 'synthetic', name: '', id: 1, size: 0 }], { header: { node_count: nodes, edge_count: nodes } });
  const handle = openSync(file, 'w');
  writeSync(handle, header.slice(0, -1));
  for (let i = 0; i < 66; i++) writeSync(handle, ' '.repeat(megabyte));
  writeSync(handle, '}');
  closeSync(handle);
});
afterAll(() => folder.remove());

/** Of a process of Node.js that does nothing, bytes of addresses; what it may have beyond that is up to the test. */
function addressSpace(): number {
  const { stdout } = spawnSync(process.execPath, ['-p', 'fs.readFileSync("/proc/self/status", "latin1")'], { encoding: 'utf8' });
  return Number(/^VmSize:\s+(\d+) kB/m.exec(stdout)?.[1]);
}

describe.skipIf(process.platform !== 'linux')('a process that may have little memory', () => {
  test.each([['summary'], ['retainers', '--id', '1']])('heap %s refuses a large snapshot, and says what would do', (command, ...args) => {
    const kilobytes = addressSpace() + 400 * 1024;
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -v ${kilobytes}; exec "$@"`, 'sh', process.execPath, cli, 'heap', command, file, ...args], {
      encoding: 'utf8',
    });
    expect(status).toBe(4);
    // 120 bytes a node, 20 an edge, 64 MiB for the process.
    expect(stderr).toMatch(/large\.heapsnapshot: The snapshot needs about 627 MB of memory, and \d+(?:\.\d+)? MB are free\. Close other programs/);
    const free = Number(/and (\d+(?:\.\d+)?) MB are free/.exec(stderr)?.[1]);
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThan(420);
  });

  test('the same file is read where there is room', () => {
    const { status, stderr } = spawnSync(process.execPath, [cli, 'heap', 'summary', file], { encoding: 'utf8' });
    expect(stderr).toContain('warning: ');
    expect(status).toBe(0);
  });
});

describe('where an array finds no room after all', () => {
  const graph = { nodes: { length: 1e6 }, edges: { length: 2e6 }, fileBytes: 1e8 } as HeapGraph;

  test('it is told what would do', () => {
    const result = withinMemory(graph, () => ok(new Float64Array(2 ** 52)));
    expect(result).toEqual({
      ok: false,
      error: { kind: 'too-little-memory', needed: 1e6 * 120 + 2e6 * 20 + 1e8 - 1e6 * 25 - 2e6 * 10 + 64 * megabyte, available: undefined },
    });
  });

  test('results go through, and mistakes stay mistakes', () => {
    expect(withinMemory(graph, () => ok(1))).toEqual(ok(1));
    expect(withinMemory(graph, () => err('no'))).toEqual(err('no'));
    expect(() => withinMemory(graph, () => ok((1).toFixed(1000)))).toThrow(RangeError);
  });
});
