import { execFileSync } from 'node:child_process';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { parseWeighed } from '../../src/capture/records/weighed-json';
import { root, temporaryFolder } from '../support/run';

test('what fits is read, what is too heavy or no JSON is refused', () => {
  const text = JSON.stringify({ result: { profile: { nodes: [{ id: 1 }], samples: [1, 2, 3] } } });
  expect(parseWeighed(text)).toEqual(JSON.parse(text));
  expect(parseWeighed(text, 10_000)).toEqual(JSON.parse(text));
  expect(() => parseWeighed(text, 100)).toThrow(RangeError);
  expect(() => parseWeighed(text.slice(0, -1))).toThrow(SyntaxError);
});

test('a text that is made to take the whole heap does not end the process', async () => {
  const folder = temporaryFolder();
  try {
    // Three bytes a list, which takes 80 and more: 240 MB of lists in a heap of 96.
    folder.file('bomb.json', `{"result":{"profile":{"nodes":[${'[],'.repeat(3_000_000)}[]]}}}`);
    const entry = `
      import { readFileSync } from 'node:fs';
      import { parseWeighed } from './src/capture/records/weighed-json';
      try { parseWeighed(readFileSync(process.argv[2], 'utf8')); console.log('read'); } catch (error) { console.log(error.constructor.name); }`;
    const outfile = path.join(folder.path, 'try.cjs');
    await esbuild.build({ stdin: { contents: entry, resolveDir: root, loader: 'ts' }, bundle: true, platform: 'node', outfile });
    const said = execFileSync(process.execPath, ['--max-old-space-size=96', outfile, path.join(folder.path, 'bomb.json')], { encoding: 'utf8' });
    expect(said.trim()).toBe('RangeError');
  } finally {
    folder.remove();
  }
});
