import { expect, test } from 'vitest';
import { parseHeapSnapshot } from '../../src/core/heap/read/parse-snapshot';
import { damage, heapDamageChecker, untrueOfGraph, wholeSnapshot } from '../support/heap-damage';

test('10,000 damaged snapshots: none throws, none lies, all of them the same through any window', () => {
  const check = heapDamageChecker();
  const wrong: string[] = [];
  let opened = 0;
  for (let seed = 0; seed < 10_000 && wrong.length < 10; seed++) {
    const { isOpened, sentences } = check(seed);
    if (isOpened) opened++;
    wrong.push(...sentences.map((sentence) => `seed ${seed}: ${sentence}`));
  }
  expect(wrong).toEqual([]);
  expect(opened).toBeGreaterThan(2000);
});

test('the check fires', () => {
  const parsed = parseHeapSnapshot(new TextEncoder().encode(wholeSnapshot()));
  if (!parsed.ok) throw new Error(parsed.error.kind);
  const { graph } = parsed.value;
  expect(untrueOfGraph(graph)).toEqual([]);
  expect(untrueOfGraph({ ...graph, edges: { ...graph.edges, to: graph.edges.to.map((to, e) => (e === 2 ? 99 : to)) } })).toEqual(['an edge leads outside']);
});

test('damage damages', () => {
  const whole = wholeSnapshot();
  const texts = Array.from({ length: 100 }, (_, seed) => new TextDecoder().decode(damage(whole, seed)));
  expect(texts.filter((text) => text === whole).length).toBeLessThan(20);
});
