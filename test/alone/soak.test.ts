import { expect, test } from 'vitest';
import { soak } from '../soak/batch';
import { noNamespaces } from '../support/pid-namespace';

/** A small batch of `npm run soak`; the seeds are always the same. */
const SEEDS = Array.from({ length: 20 }, (_, i) => 7000 + i);

test.skipIf(noNamespaces)(
  'recordings that are ended at random leave nothing behind and lose nothing',
  async () => {
    const results = await soak(SEEDS, 2);
    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(results.map(({ seed }) => seed).sort()).toEqual(SEEDS);
    expect(new Set(results.map(({ ending }) => ending)).size).toBeGreaterThan(5);
  },
  300_000,
);
