import { expect, test } from 'vitest';
import { simulate } from '../support/simulated-runs';

const base = { pairs: 10, noise: 0.05, drift: 0.04, change: 0, functions: 0, order: 'interleaved', rounds: 1500, seed: 17 } as const;

test('a program against itself gives at most 5 % false alarms, over the whole and twenty functions', () => {
  expect(simulate(base).alarms).toBeLessThanOrEqual(0.05);
  expect(simulate({ ...base, functions: 20 }).alarms).toBeLessThanOrEqual(0.05);
  expect(simulate({ ...base, pairs: 6 }).alarms).toBeLessThanOrEqual(0.05);
  expect(simulate({ ...base, pairs: 7, functions: 20 }).alarms).toBeLessThanOrEqual(0.05);
});

test('the same count finds the false alarms of runs that are not interleaved', () => {
  expect(simulate({ ...base, order: 'sequential' }).alarms).toBeGreaterThan(0.05);
});

test('a change that is larger than the noise is found, and what is inside the band is no difference', () => {
  expect(simulate({ ...base, change: 0.2, rounds: 500 }).slower).toBeGreaterThan(0.95);
  expect(simulate({ ...base, change: 0.1, noise: 0.02, functions: 20, rounds: 100 }).named).toBeGreaterThan(0.95);
  expect(simulate({ ...base, noise: 0.01, rounds: 500 }).same).toBeGreaterThan(0.95);
});
