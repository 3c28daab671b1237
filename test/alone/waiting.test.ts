import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { waitingTime } from '../../src/core/profile/costs/waiting';
import { profileFromText, readOk } from '../support/raw-profile';
import { nodes, temporaryFolder } from '../support/run';

const ms = (microseconds: number): number => microseconds / 1000;

/** What each statement waits for, 300 ms each; a busy loop of as much is no wait. */
const waits: Readonly<Record<string, string>> = {
  spawnSync: `spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 300)']);`,
  execSync: `execSync('"' + process.execPath + '" -e "setTimeout(() => {}, 300)"');`,
  execFileSync: `execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 300)']);`,
  'Atomics.wait': 'Atomics.wait(cell, 0, 0, 300);',
  'Atomics.wait in turns': 'for (let i = 0; i < 30; i++) {\n  Atomics.wait(cell, 0, 0, 10);\n}',
};
const head = `import { execFileSync, execSync, spawnSync } from 'node:child_process';
const cell = new Int32Array(new SharedArrayBuffer(4));
`;

function record(node: string, files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder(files);
  try {
    const ran = spawnSync(node, ['--cpu-prof', '--cpu-prof-dir=prof', 'main.mjs'], { cwd: folder.path, encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(ran.stderr);
    const main = readdirSync(path.join(folder.path, 'prof')).find((name) => /\.0\.\d+\.cpuprofile$/.test(name)) as string;
    const { tables } = readOk(readFileSync(path.join(folder.path, 'prof', main)));
    const textOf = (url: string, line: number): string | undefined =>
      url.startsWith('file:') ? readFileSync(fileURLToPath(url), 'utf8').split('\n')[line - 1] : undefined;
    return { withText: ms(waitingTime(tables, textOf)), without: ms(waitingTime(tables)), all: ms(tables.nodes.total[0] as number) };
  } finally {
    folder.remove();
  }
}

describe.each(nodes())('Node.js $version', ({ path: node, version }) => {
  test.each(Object.keys(waits))('%s is waited for, and a busy loop is not', (name) => {
    const busy = 'function compute() {\n  const end = Date.now() + 300;\n  while (Date.now() < end);\n}\ncompute();';
    const { withText, without, all } = record(node, { 'main.mjs': `${head}function stand() {\n  ${waits[name]}\n}\nstand();\n${busy}\n` });
    expect(withText).toBeGreaterThan(180);
    expect(withText).toBeLessThan(all - 180);
    // A frame of its own needs no source; what has none is not guessed.
    if (name.startsWith('Atomics')) expect(without).toBe(0);
    else expect(without).toBe(withText);
  });

  // From 20.6 on there are such hooks.
  test.skipIf(version === 'v20.5.0')('Node.js waits for its own thread of loader hooks', () => {
    const slow = 'export async function resolve(url, context, next) { const end = Date.now() + 300; while (Date.now() < end); return next(url, context); }';
    const { without, withText } = record(node, {
      'main.mjs': `import { register } from 'node:module';\nregister(${JSON.stringify(`data:text/javascript,${encodeURIComponent(slow)}`)});\nimport.meta.resolve('./x.mjs');\n`,
    });
    // The other thread may have begun before this one waits for it.
    expect(without).toBeGreaterThan(200);
    expect(withText).toBe(without);
  });
});

describe('what is taken for a wait', () => {
  const inLine = (text: string): number => {
    const { tables } = profileFromText('main x4');
    const raw = { ...tables, lines: { length: 1, node: Uint32Array.of(1), line: Uint32Array.of(7), ticks: Uint32Array.of(4) } };
    return ms(waitingTime(raw, (url, line) => (url === 'file:///app/main.js' && line === 7 ? text : undefined)));
  };

  test.each(['Atomics.wait(cell, 0, 0);', 'while (Atomics.wait (cell, 0, 0) === "ok") {}', 'Atomics?.wait?.(cell, 0, 0)'])('a line with %s', (text) => {
    expect(inLine(text)).toBe(4);
  });

  test.each(['await Atomics.waitAsync(cell, 0, 0).value;', 'Atomics.load(cell, 0);', 'my_Atomics.wait(1)', `${'x;'.repeat(200)}Atomics.wait(cell, 0, 0);`])(
    'not a line with %s',
    (text) => {
      expect(inLine(text)).toBe(0);
    },
  );

  test("a user's function of the same name computes; so does what Node.js does around a call", () => {
    const { tables } = profileFromText(`
      spawnSync x2
      execSync@node:child_process:900 > spawnSync@node:internal/child_process:1100 x5
      execSync@node:child_process:900 > spawnSync@node:internal/child_process:1100 > spawn@- x3
      execSync@node:child_process:900 > spawnSync@node:internal/child_process:1100 > getColor@node:internal/util:3 x1
      main > Atomics.wait@- x2
    `);
    expect(ms(waitingTime(tables))).toBe(5 + 3 + 2);
  });
});
