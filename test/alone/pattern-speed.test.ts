import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { root } from '../support/run';

const fixtures = path.join(root, 'test/fixtures/patterns');

/** How many times as long the slow function takes as the fine one that does the same, side by side in a process of its own. */
async function ratio(name: string): Promise<number> {
  const { stderr } = await promisify(execFile)(process.execPath, ['speed.mjs', name], { cwd: fixtures });
  return Number(stderr);
}

/** Of each rule half or less of what was measured, on Node.js 20, 22 and 24; a busy machine has room. */
const FASTER: Readonly<Record<string, number>> = {
  'find-by-key': 10,
  'unshift-often': 5,
  'splice-front': 10,
  'splice-by-search': 3,
  'cache-with-order-list': 1.5,
  'list-rebuilt': 10,
  'sort-after-insert': 5,
  'object-keys-length': 20,
  'map-as-array': 10,
  'work-in-comparison': 5,
  'dates-parsed-often': 1.5,
  'localized-often': 5,
  'regex-built-often': 2,
  'split-nth': 10,
  'json-as-key': 20,
  'text-as-key': 1.8,
  'text-from-start': 20,
  'duplicates-by-search': 10,
  'searched-before-push': 10,
  'brotli-at-its-slowest': 10,
  'searched-in-comparison': 10,
  'filtered-by-key': 20,
  'rest-copied': 20,
  'json-compared': 20,
  'file-rewritten': 10,
  'compiled-often': 10,
  'formatter-by-arguments': 10,
  'deep-clone': 20,
  'console-in-hot-code': 10,
  'log-text-built': 10,
  'thrown-often': 3,
  'overlapping-recursion': 20,
  'event-for-each-change': 3,
  'bigint-in-loop': 3,
  'prepared-in-loop': 5,
  'fetched-to-filter': 5,
  'request-in-loop': 1.3,
  'awaits-in-a-row': 1.4,
  'await-of-value': 3,
  'same-work-in-loop': 20,
  'sparse-array': 3,
  'shapes-by-condition': 2,
  'starving-ticks': 5,
};

describe('what a rule advises is really faster', () => {
  test.each(Object.entries(FASTER))('%s', async (name, least) => {
    expect(await ratio(name)).toBeGreaterThan(least);
  });
});
