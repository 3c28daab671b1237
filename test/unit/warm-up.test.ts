import { expect, test } from 'vitest';
import { checkTables } from '../../src/core/profile/check-tables';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import { smallProfile } from '../../webview/profile/warm-up';

test('what the page warms up with is a sound profile: another would be refused, and warm nothing', () => {
  const tables = smallProfile();
  expect(checkTables(tables)).toEqual([]);
  expect(decodeSlab(encodeSlab(tables)).ok).toBe(true);
  expect(tables.nodes.self.subarray(1).every((cost) => cost > 0)).toBe(true);
});
