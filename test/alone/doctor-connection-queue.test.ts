import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askHow } from '../../src/core/doctor/asking';
import { siteWaits } from '../../src/core/doctor/site-waits';
import { defaultDoctorThresholds } from '../../src/core/doctor/thresholds';
import { type OperationSite, readVitals } from '../../src/core/doctor/vitals';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';
import { quietVitals } from '../support/vitals';

/** Requests that wait in the program itself for one of a few connections: not the other side is slow. */

const MS = 1000;
const site: OperationSite = {
  kind: 'http',
  target: 'GET http://tiles/:id',
  frames: [{ file: '/app/main.js', line: 7, column: 3, name: 'load', isMapped: false }],
  count: 60,
  finished: 60,
  total: 60 * 400 * MS,
  longest: 500 * MS,
  busy: 2800 * MS,
  maxInFlight: 20,
};
const vitals = quietVitals();
const verdictOf = (...sites: OperationSite[]) => {
  const measured = { ...vitals, sites };
  return askHow(measured, siteWaits(measured, 3000 * MS), 3000 * MS, defaultDoctorThresholds)?.verdict;
};

describe('what is said of it', () => {
  const queue = { total: 60 * 360 * MS, atOnce: 2, limit: 'maxSockets 2' };
  test('how long they wait, how long an answer takes, and what to raise', () => {
    const found = verdictOf({ ...site, queue });
    expect(found).toMatchObject({ branch: 'sequential', title: 'Requests wait for a free connection (maxSockets 2)' });
    expect(found?.summary).toMatch(/^60 requests .* wait 360 ms on average .* takes 40\.0 ms\./);
    expect(found?.advice).toMatch(/^Raise maxSockets of the agent/);
  });
  test('of one queue that is filled from two places, together', () => {
    const half = { ...site, finished: 30, total: site.total / 2, busy: 1000 * MS, queue: { ...queue, total: queue.total / 2 } };
    expect(verdictOf(half, half)?.summary).toMatch(/^60 requests/);
  });
  test('nothing where the answers take the time', () => expect(verdictOf({ ...site, queue: { ...queue, total: 60 * 100 * MS } })).toBeUndefined());
  test('nothing where all that wait are being connected', () => expect(verdictOf({ ...site, queue: { ...queue, atOnce: 20 } })).toBeUndefined());
  test('nothing in measurements of older versions, which are read', () => {
    const read = readVitals(JSON.stringify({ ...vitals, sites: [site] }));
    expect(read.ok && read.value.sites[0]).toEqual(site);
    expect(verdictOf(site)).toBeUndefined();
  });
  test('a queue that is no object is left out', () => {
    const read = readVitals(JSON.stringify({ ...vitals, sites: [{ ...site, queue: 'long' }] }));
    expect(read.ok && read.value.sites[0]?.queue).toBeUndefined();
  });
});

describe('real programs', () => {
  const folders: Folder[] = [];
  const upstream = http.createServer((request, response) => setTimeout(() => response.end('tile'), request.url === '/slow' ? 400 : 40));
  beforeAll(async () => {
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
  });
  afterAll(() => {
    upstream.close();
    for (const one of folders) one.remove();
  });
  async function judge(source: string): Promise<Report> {
    const folder = temporaryFolder({ 'a.mjs': source });
    folders.push(folder);
    const port = String((upstream.address() as net.AddressInfo).port);
    const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.mjs', port], { cwd: folder.path });
    return JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report;
  }
  const byAgent = (options: string, url = '/tile'): string => `
import http from 'node:http';
const agent = new http.Agent(${options});
const load = () => new Promise((resolve, reject) => {
  http.get({ host: '127.0.0.1', port: process.argv[2], path: '${url}', agent }, (answer) => answer.resume().on('end', resolve)).on('error', reject);
});
for (let i = 0; i < 4; i++) await Promise.all(Array.from({ length: 20 }, load));`;

  test.each([
    ['{ keepAlive: true, maxSockets: 2 }', 'maxSockets 2'],
    ['{ maxSockets: 1 }', 'maxSockets 1'],
    ['{ keepAlive: true, maxTotalSockets: 2 }', 'maxTotalSockets 2'],
  ])('an agent with %s', async (options, limit) => {
    const { diagnosis, place } = await judge(byAgent(options));
    expect(diagnosis.verdict).toMatchObject({ branch: 'sequential', title: `Requests wait for a free connection (${limit})` });
    expect(place).toMatchObject({ line: 5 });
  });

  test('fetch with a dispatcher of few connections', async () => {
    const undici = pathToFileURL(path.resolve('node_modules/undici/index.js')).href;
    const { diagnosis, place } = await judge(`
import undici from '${undici}';
undici.setGlobalDispatcher(new undici.Agent({ connections: 2 }));
const load = async () => {
  await (await fetch('http://127.0.0.1:' + process.argv[2] + '/tile')).text();
};
for (let i = 0; i < 4; i++) await Promise.all(Array.from({ length: 20 }, load));
await undici.getGlobalDispatcher().close();`);
    expect(diagnosis.verdict).toMatchObject({ branch: 'sequential', title: 'Requests wait for a free connection' });
    expect(diagnosis.verdict.summary).toContain('Never more than 2 are on their way at once');
    expect(place).toMatchObject({ name: 'load' });
  });

  test('slow answers over enough connections stay the other side’s', async () => {
    const { diagnosis } = await judge(byAgent('{ keepAlive: true, maxSockets: 50 }', '/slow'));
    expect(diagnosis.verdict).toMatchObject({ branch: 'io' });
    expect(diagnosis.verdict.title).toMatch(/^It waits for GET/);
  });
});
