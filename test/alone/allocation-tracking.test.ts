import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { allocationStack } from '../../src/core/heap/analysis/allocation-stack';
import { readHeapSnapshotSync } from '../../src/service/heap/heap-read';
import { type Folder, isRunning, nodes, plateau, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

/** Makes a ticket ten times a second, for as long as it runs. */
const PROGRAM = `
class Ticket {}
function issue() { return new Ticket(); }
globalThis.tickets = [];
setInterval(() => tickets.push(issue()), 100);
require('node:fs').writeFileSync('ready', '');
`;
const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});
const folder = (): Folder => {
  const made = temporaryFolder({ 'a.cjs': PROGRAM });
  folders.push(made);
  return made;
};

/** The stacks of all tickets, the oldest first; undefined where V8 knows none. */
function stacks(file: string): (string | undefined)[] {
  const read = readHeapSnapshotSync(file);
  if (!read.ok) throw new Error(read.error.kind);
  const { graph } = read.value;
  const { nodes: rows, strings, nodeTypes } = graph;
  const isTicket = (node: number): boolean => strings.at(rows.name[node] as number) === 'Ticket' && nodeTypes[rows.type[node] as number] === 'object';
  return Array.from(rows.name.keys())
    .filter(isTicket)
    .sort((one, other) => (rows.id[one] as number) - (rows.id[other] as number))
    .map((node) =>
      allocationStack(graph, node)
        ?.map(({ name, line }) => `${name}:${line}`)
        .join(' '),
    );
}

/** Whatever was made since tracking began has its stack, however long ago that is. */
function expectKept(all: readonly (string | undefined)[]): void {
  const tracked = all.slice(all.findIndex((stack) => stack !== undefined));
  expect(tracked.length).toBeGreaterThanOrEqual(8);
  for (const stack of tracked) expect(stack).toContain('issue:3');
}

describe.each(nodes())('Node.js $version', ({ path: node }) => {
  test('objects keep their stacks while the program goes on and V8 collects', async () => {
    const { path: cwd } = folder();
    const out = `${cwd}/a.heapsnapshot`;
    const { code, stderr } = await plateau(['record', '--type', 'allocations', '--seconds', '4', '--out', out, '--', node, 'a.cjs'], { cwd });
    expect(code, stderr).toBe(0);
    expectKept(stacks(out));
  });

  test('so do those of a program that is attached to, which goes on', async () => {
    const { path: cwd } = folder();
    const out = `${cwd}/b.heapsnapshot`;
    const child = spawn(node, ['a.cjs'], { cwd, stdio: 'ignore' });
    try {
      await until('the program runs', () => existsSync(`${cwd}/ready`));
      const { code, stderr } = await plateau(['record', '--type', 'allocations', '--seconds', '4', '--out', out, '--pid', String(child.pid)], { cwd });
      expect(code, stderr).toBe(0);
      expect(isRunning(child.pid as number)).toBe(true);
      expectKept(stacks(out));
    } finally {
      child.kill('SIGKILL');
    }
  });
});
