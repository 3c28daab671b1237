import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { afterAll, describe, expect, test } from 'vitest';
import type { Leak } from '../../src/core/heap/leaks/leak';
import { unexplainedGrowth } from '../../src/core/heap/leaks/leak-unexplained';
import type { HuntResult } from '../../src/shared/hunt';
import { freePort } from '../support/free-port';
import { type Folder, plateau, root, temporaryFolder } from '../support/run';

const folders: Folder[] = [];
afterAll(() => {
  for (const folder of folders) folder.remove();
});
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(path.join(root, 'schema', 'heap-hunt.schema.json'), 'utf8')));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Hunts a server whose handler has this body, seven requests at a time. */
async function huntServer(body: string, request: (url: string) => string, ...more: string[]): Promise<Run> {
  const port = await freePort();
  const text = `let n = 0; require('http').createServer((request, response) => { n++; ${body} }).listen(${port}, '127.0.0.1');`;
  const folder = temporaryFolder({ 'a.cjs': text });
  folders.push(folder);
  const args = ['heap', 'hunt', '--no-track', '--times', '7', ...more, '--request', request(`http://127.0.0.1:${port}/`), '--', process.execPath, 'a.cjs'];
  return plateau(args, { cwd: folder.path });
}

describe('requests that fail', () => {
  test.concurrent('all of them: it is said, and no clean bill is given', async () => {
    const { code, stdout, stderr } = await huntServer('response.statusCode = 500; response.end();', (url) => `GET ${url}`);
    expect(stderr).toContain('All 21 requests were answered with 500');
    expect(stdout).toContain('no request succeeded');
    expect(stdout).not.toContain('No leak');
    expect(code).toBe(3);
  });

  test.concurrent('a method that does not exist, in JSON', async () => {
    const { code, stdout } = await huntServer('response.end();', (url) => `FOO ${url}`, '--json');
    const result = JSON.parse(stdout) as HuntResult;
    expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
    expect(result).toMatchObject({ verdict: 'unexercised', answers: [{ status: 400, count: 21 }] });
    expect(result.warnings[0]).toContain('answered with 400');
    expect(code).toBe(3);
  });

  test.concurrent('some of them, and redirections', async () => {
    const some = await huntServer('response.statusCode = n % 7 === 0 ? 404 : 200; response.end();', (url) => url);
    expect(some.stderr).toContain('Of 21 requests, some did not succeed: 3 with 404.');
    expect(some.stdout).toContain('No leak');
    expect(some.code).toBe(0);
    const elsewhere = await huntServer("response.writeHead(302, { location: '/x' }); response.end();", (url) => url);
    expect(elsewhere.stderr).toContain('All 21 requests were answered with 302, which leads elsewhere');
  });

  test.concurrent('one that leaks is a leak all the same', async () => {
    const { code, stdout, stderr } = await huntServer(
      '(globalThis.kept ??= []).push({ url: request.url + n }); response.statusCode = 404; response.end();',
      (url) => url,
    );
    expect(stderr).toContain('All 21 requests were answered with 404');
    expect(stdout).toContain('leak: {url}, 1 each time');
    expect(code).toBe(1);
  });
});

describe('a program that ends in the midst of it', () => {
  test.concurrent.each([
    ['by itself, in a round', 'if (n === 12) process.exit(9); response.end();', 'in round 1 of 2 (4 of 7 times done). It ended with exit code 9.'],
    ['by itself, in the warm-up', 'if (n === 3) process.exit(7); response.end();', 'in the warm-up (2 of 7 times done). It ended with exit code 7.'],
    ['by a signal', 'if (n === 20) process.kill(process.pid, "SIGKILL"); response.end();', 'in round 2 of 2 (5 of 7 times done). It was ended by SIGKILL.'],
  ])('%s', async (_, body, words) => {
    const { code, stderr } = await huntServer(body, (url) => url);
    expect(stderr).toContain(words);
    expect(stderr.includes('out of memory')).toBe(words.includes('SIGKILL'));
    expect(code).toBe(2);
  });
});

describe('growth that no holder accounts for', () => {
  const kept = (retainedSize: number): readonly Leak[] => [{ retainedSize } as Leak];
  test.each([
    ['grew each time, nothing found', [10e6, 12e6, 14e6], [], 4e6],
    ['a leak says less than half', [10e6, 12e6, 14e6], kept(1e6), 3e6],
    ['a leak says most of it', [10e6, 12e6, 14e6], kept(3.5e6), 0],
    ['levelled off', [10e6, 12e6, 12.5e6], [], 0],
    ['less than comes and goes', [3e6, 3.1e6, 3.2e6], [], 0],
    ['a hundredth of a large heap', [100e6, 101e6, 102e6], [], 0],
    ['shrank', [10e6, 14e6, 13e6], [], 0],
  ] as const)('%s', (_, totals, leaks, bytes) => expect(unexplainedGrowth(totals, leaks)).toBe(bytes));

  test('an array that is made anew each time, with more numbers', async () => {
    const folder = temporaryFolder({
      'a.mjs':
        'let all = []; export function exercise() { all = [...all, ...Array.from({ length: 4000 }, (_, i) => i + 0.5)]; } export const size = () => all.length;',
    });
    folders.push(folder);
    const { code, stdout } = await plateau(['heap', 'hunt', '--no-track', '--times', '11', '--call', 'a.mjs#exercise'], { cwd: folder.path });
    expect(code).toBe(3);
    expect(stdout).not.toContain('No leak');
    expect(stdout).toMatch(/The heap grew in both rounds \(.+ → .+ → .+\), but nothing was found that piles up/);
  });
});
