// What the loads work on: texts of the installed packages themselves, and numbers that are the same in each run.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const packages = path.resolve(import.meta.dirname, 'node_modules');

export const text = (file) => readFileSync(path.join(packages, file), 'utf8');

/** Texts below a folder of a package, by extension, in the order of their names. */
export function texts(folder, extension, most = 40) {
  return readdirSync(path.join(packages, folder), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(extension) && !file.includes('node_modules') && statSync(path.join(packages, folder, file)).isFile())
    .sort()
    .slice(0, most)
    .map((file) => text(path.join(folder, file)));
}

/** The readme of each of these packages. */
export const readmes = (names) => names.map((name) => text(`${name}/README.md`));

export const manuals = () =>
  readmes(['ajv', 'fastify', 'postcss', 'autoprefixer', 'diff', 'yaml', 'exceljs', 'terser', 'uglify-js', 'debug', 'pngjs', 'lodash', 'showdown', 'webpack']);

/** Whole numbers below n, the same ones in each run. */
export function random(seed = 1) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const WORDS =
  'amber basil cedar delta ember fjord grove heron iris juniper kelp lotus maple north ocean pearl quartz river stone tulip umber violet willow yarrow zephyr'.split(
    ' ',
  );

export function people(count) {
  const next = random(7);
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: `${WORDS[next(25)]} ${WORDS[next(25)]}`,
    email: `${WORDS[next(25)]}${id}@example.org`,
    age: 18 + next(60),
    score: next(10_000) / 100,
    tags: Array.from({ length: 1 + next(4) }, () => WORDS[next(25)]),
    address: { street: `${WORDS[next(25)]} street ${next(200)}`, city: WORDS[next(25)], zip: String(10_000 + next(80_000)) },
    active: next(2) === 1,
    note: Array.from({ length: 5 + next(30) }, () => WORDS[next(25)]).join(' '),
  }));
}

/** Does something again and again for a while, at least twice. */
export async function load(work, ms = 2500) {
  const end = performance.now() + ms;
  for (let turn = 0; turn < 2 || performance.now() < end; turn++) await work(turn);
}

/** Sends requests to a server, so many at a time, for a while; gives the number of answers. */
export async function request(port, requests, ms = 2500, atOnce = 16) {
  const http = await import('node:http');
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  const end = performance.now() + ms;
  let n = 0;
  const one = ({ method = 'GET', path: target, body }) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = http.request({ host: '127.0.0.1', port, path: target, method, agent, headers }, (response) => {
        response.resume();
        response.on('end', resolve);
      });
      sent.on('error', reject);
      sent.end(body);
    });
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) await one(requests[n++ % requests.length]);
    }),
  );
  agent.destroy();
  return n;
}
