import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { findPatterns } from '../../src/service/patterns/pattern-findings';
import { openProfile } from '../../src/service/profile/opened-profile';
import { readInfo } from '../../src/service/recordings/recordings';
import type { ReportedFinding } from '../../src/shared/reported-finding';
import { fileLocator } from '../../src/source/maps/locate';
import { dist } from '../support/patterns';
import { readOk } from '../support/raw-profile';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

let folder: Folder;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder.remove());

/** Like a database's client: what is asked is answered in another turn of the event loop, below no function of whoever asked. */
const KNEX = `module.exports = function knex() {
  const rows = Array.from({ length: 300 }, (_, id) => ({ id, name: 'A' + id }));
  function answer(ask) { const found = JSON.parse(JSON.stringify(rows)).filter(ask.by); return ask.isFirst ? found[0] : found; }
  return function table() {
    const ask = { by: () => true, isFirst: false };
    const query = {
      where(by) { ask.by = (row) => row.id === by.id; return query; },
      whereIn(key, ids) { const all = new Set(ids); ask.by = (row) => all.has(row[key]); return query; },
      select() { return query; },
      first() { ask.isFirst = true; return query; },
      then(resolve) { setImmediate(function run() { resolve(answer(ask)); }); },
    };
    return query;
  };
};
`;

async function found(name: string, main: string): Promise<readonly ReportedFinding[]> {
  folder.file(`${name}/node_modules/knex/index.js`, KNEX);
  folder.file(`${name}/node_modules/knex/package.json`, '{ "name": "knex", "version": "1.0.0", "main": "index.js" }');
  const file = folder.file(`${name}/main.mjs`, main);
  const out = `${file}.cpuprofile`;
  const { code, stderr } = await plateau(['record', '--interval', '500', '--out', out, '--', 'node', 'main.mjs'], { cwd: path.dirname(file) });
  expect(code, stderr).toBe(0);
  return patternsOf(out);
}

/** What is known of the code that a recording ran. */
async function patternsOf(out: string): Promise<readonly ReportedFinding[]> {
  const profile = openProfile(out, readOk(new Uint8Array(readFileSync(out))), {
    thresholds: defaultThresholds,
    locator: fileLocator([]),
    info: await readInfo(out),
  });
  const { findings } = await findPatterns(profile, { partsFolder: dist, readText: (one) => fs.readFile(one, 'utf8').catch(() => undefined) });
  return findings;
}

const HEAD = `import knex from 'knex';
const db = knex();
const posts = Array.from({ length: 200 }, (_, id) => ({ id, author_id: id % 50 }));
`;
const RUN = `const end = performance.now() + 700;
while (performance.now() < end) await feed();
`;

test('queries in a loop are named where they are asked, though their time is below no own function', async () => {
  const findings = await found(
    'many',
    `${HEAD}async function feed() {
  for (const post of posts) {
    post.author = await db('authors').where({ id: post.author_id }).first();
  }
}
${RUN}`,
  );
  expect(findings.map(({ rule, place }) => [rule, place?.line])).toEqual([['query-in-loop', 6]]);
  expect(findings[0]?.share).toBeGreaterThan(0.3);
  expect(findings[0]?.summary).toMatch(/knex, with what it calls, takes \d/);
});

test('one query for all is none', async () => {
  const findings = await found(
    'one',
    `${HEAD}async function feed() {
  const authors = await db('authors').whereIn('id', posts.map((post) => post.author_id));
  const byId = new Map(authors.map((one) => [one.id, one]));
  for (const post of posts) post.author = byId.get(post.author_id);
}
${RUN}`,
  );
  expect(findings).toEqual([]);
});

test('a whole table that is fetched for one row', async () => {
  const findings = await found(
    'table',
    `${HEAD}async function feed() {
  const authors = await db('authors').select();
  return authors.find((one) => one.name === 'A7');
}
${RUN}`,
  );
  expect(findings.map(({ rule, place }) => [rule, place?.line])).toEqual([['fetched-to-filter', 5]]);
});

test('large answers are named where they are handed over, and a page of them is not', async () => {
  const cwd = path.join(root, 'test/fixtures/patterns');
  const out = path.join(folder.path, 'large-answer.cpuprofile');
  const { code, stderr } = await plateau(['record', '--interval', '500', '--out', out, '--', 'node', 'run.mjs', 'large-answer', '2500'], { cwd });
  expect(code, stderr).toBe(0);
  const findings = (await patternsOf(out)).filter(({ rule }) => rule === 'large-answer');
  expect(findings.map(({ place }) => [path.basename(place?.file ?? ''), place?.line])).toEqual([['large-answer.mjs', 7]]);
  expect(findings[0]?.summary).toMatch(/Doing that in express takes \d/);
});
