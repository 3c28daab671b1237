import { rmSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import retainersSchema from '../../schema/heap-retainers.schema.json';
import { foldSteps } from '../../src/core/heap/paths/fold-path';
import { heapHost } from '../../src/service/heap/heap-host';
import type { HeapRetainers } from '../../src/service/heap/heap-retainers';
import { realSnapshot } from '../support/heap';
import { plateau, root } from '../support/run';

/** `a b×2 (5 like 1) c`: the steps that stay, and what was left out after them. */
function folded(keys: readonly string[]): string {
  return foldSteps(keys)
    .map(({ at, leftOut }) => `${keys[at]}${leftOut ? ` (${leftOut.steps} like ${leftOut.period})` : ''}`)
    .join(' ');
}
const repeated = (keys: string, times: number): string[] => Array.from({ length: times }, () => keys.split(' ')).flat();

describe('a way in which steps repeat', () => {
  test.each([
    ['one step', ['x', ...repeated('n', 100), 'y'], 'x n n (97 like 1) n y'],
    ['steps in turn', ['x', ...repeated('n c', 100), 'y'], 'x n c n c (194 like 2) n c y'],
    ['one that ends in the midst of a turn', [...repeated('n c', 100), 'n', 'y'], 'n c n c (195 like 2) c n y'],
    ['too few', repeated('n', 6), 'n n n n n n'],
    ['two runs', [...repeated('a', 20), ...repeated('b', 30)], 'a a (17 like 1) a b b (27 like 1) b'],
    ['none', [], ''],
  ])('%s', (_, keys, expected) => expect(folded(keys)).toBe(expected));

  test('what differs loses its middle', () => {
    const steps = foldSteps(Array.from({ length: 1000 }, (_, i) => String(i)));
    expect(steps).toHaveLength(100);
    expect(steps[49]).toEqual({ at: 49, leftOut: { steps: 900, period: 0 } });
    expect(steps[50]?.at).toBe(950);
  });

  test('nothing is lost: what is shown and what was left out are all steps', () => {
    for (const keys of [repeated('a b c', 500), [...repeated('x', 9), ...repeated('p q', 90), ...Array.from({ length: 300 }, (_, i) => `k${i}`)]]) {
      const steps = foldSteps(keys);
      expect(steps.reduce((sum, { leftOut }) => sum + 1 + (leftOut?.steps ?? 0), 0)).toBe(keys.length);
    }
  });
});

describe('the first item of a list of 200,000', () => {
  let snapshot: ReturnType<typeof realSnapshot>;
  let id = 0;
  beforeAll(() => {
    snapshot = realSnapshot(`class Job { constructor(next) { this.next = next; } }
      class Last extends Job {}
      let job = new Last(undefined);
      for (let i = 0; i < 200_000; i++) job = new Job(job);
      globalThis.queue = job;`);
  }, 60_000);
  afterAll(() => rmSync(path.dirname(snapshot.file), { recursive: true, force: true }));

  test('heap retainers says that its steps repeat', async () => {
    const host = heapHost(path.join(root, 'dist', 'heap-worker.mjs'));
    try {
      const list = { kind: 'classes', filter: 'Last', scope: { kind: 'all' }, sortBy: 'retained', isRising: false } as const;
      const answer = await host.query(snapshot.file, 'rows', { list, from: 0, to: 10 });
      const found = answer.ok ? answer.value.rows.find((row) => row.kind === 'class' && row.name === 'Last') : undefined;
      if (found?.kind !== 'class') throw new Error('no class Last');
      const objects = await host.query(snapshot.file, 'rows', { list: { ...list, kind: 'objects', key: found.key }, from: 0, to: 1 });
      const first = objects.ok ? objects.value.rows[0] : undefined;
      if (first?.kind !== 'object') throw new Error('no object');
      id = first.id;
      const object = await host.query(snapshot.file, 'object', { node: first.node, hasInternal: false });
      if (!object.ok) throw new Error(JSON.stringify(object.error));
      expect(object.value.paths[0]?.steps.length).toBeLessThan(20);
      const leftOut = object.value.paths[0]?.steps.flatMap((step) => step.leftOut?.steps ?? []);
      expect(leftOut?.[0]).toBeGreaterThan(199_000);
    } finally {
      host.dispose();
    }
    const { code, stdout, stderr } = await plateau(['heap', 'retainers', snapshot.file, '--id', String(id)]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/\.next of Job @\d+\n.*\.next of Job @\d+\n.*… 199,99\d steps more like the last one/);
    expect(stdout).toContain('.queue of');
    expect(stdout.split('\n').length).toBeLessThan(60);
    const json = await plateau(['heap', 'retainers', snapshot.file, '--id', String(id), '--json']);
    expect(json.stdout.length).toBeLessThan(20_000);
    const validator = new Ajv({ strict: false });
    const retainers = JSON.parse(json.stdout) as HeapRetainers;
    expect(validator.validate(retainersSchema, retainers), JSON.stringify(validator.errors)).toBe(true);
  });
});
