import { afterAll, describe, expect, test } from 'vitest';
import { hotCall } from '../../src/core/doctor/hot-call';
import type { Callee, OwnCost } from '../../src/core/doctor/profile-summary';
import { functionIndex } from '../../src/shared/brands';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';

/** That the doctor names what is done: files in a row, and the call that has nearly all of the time. */

const folders: Folder[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

async function judge(files: Record<string, string>): Promise<Report> {
  const folder = temporaryFolder(files);
  folders.push(folder);
  const { stdout } = await plateau(['doctor', '--json', '--', process.execPath, 'a.cjs'], { cwd: folder.path });
  return JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report;
}

const inFolder = (body: string): string => `
const fs = require('node:fs');
const { promisify } = require('node:util');
const folder = fs.mkdtempSync(require('node:path').join(__dirname, 'out-'));
(async () => {
${body}
})();`;

describe('many small file operations, one after another', () => {
  test.each([
    [
      'appendFile of fs/promises',
      "const appendFile = fs.promises.appendFile;\n  for (let i = 0; i < 12_000; i++) {\n    await appendFile(folder + '/' + (i % 5), 'row\\n');\n  }",
      8,
    ],
    [
      'writeFile with promisify',
      "const writeFile = promisify(fs.writeFile);\n  for (let i = 0; i < 12_000; i++) {\n    await writeFile(folder + '/' + (i % 5), 'row\\n');\n  }",
      8,
    ],
  ])('%s', async (_name, body, line) => {
    const { diagnosis, place } = await judge({ 'a.cjs': inFolder(body) });
    expect(diagnosis.verdict, JSON.stringify(diagnosis)).toMatchObject({ branch: 'sequential' });
    expect(diagnosis.verdict.summary).toMatch(/^1[12],\d{3} operations \((?:append|write)File\)/);
    expect(diagnosis.verdict.advice).toContain('fs.createWriteStream');
    expect(place).toMatchObject({ line });
  });
});

describe('what a hot function calls', () => {
  const callee = (given: Partial<Callee>): Callee => ({
    entry: functionIndex(1),
    called: 'renderFile',
    leaf: functionIndex(2),
    name: 'lex',
    package: 'pug',
    cost: 900_000,
    compiling: 0,
    writing: 0,
    ...given,
  });
  const own = (...callees: Callee[]): OwnCost => ({ func: functionIndex(0), name: 'page', cost: 1_000_000, self: 10_000, callees });
  test('templates that are compiled each time', () => {
    const found = hotCall(own(callee({ compiling: 880_000 })), 1_200_000, 90);
    expect(found?.what).toBe('renderFile of pug');
    expect(found?.summary).toMatch(
      /^page calls renderFile of pug, which takes 900 ms, 75(?:\.0)? % of the active time, 10(?:\.0)? ms for each of 90 requests on average/,
    );
    expect(found?.advice).toMatch(/^Compile each template once/);
  });
  test('templates that are only filled in are not to be compiled once', () =>
    expect(hotCall(own(callee({})), 1_200_000)?.advice).toMatch(/^Call it less often/));
  test('other packages that parse what they are given', () =>
    expect(hotCall(own(callee({ called: 'parse', package: 'csv-parse', compiling: 900_000 })), 1_200_000)?.advice).toMatch(/^Call it less often/));
  test('answers that are written as JSON', () => {
    const found = hotCall(own(callee({ called: 'json', package: 'express', writing: 600_000 })), 1_200_000);
    expect(found?.summary).toContain('of that is JSON.stringify');
    expect(found?.advice).toMatch(/^Write less: a page/);
  });
  test('several functions of one package together', () =>
    expect(hotCall(own(callee({ cost: 400_000 }), callee({ called: 'compile', cost: 400_000 })), 1_200_000)?.what).toBe('renderFile of pug'));
  test('nothing where its own lines, or several packages, have the time', () => {
    expect(hotCall(own(callee({ cost: 300_000 })), 1_200_000)).toBeUndefined();
    expect(hotCall(own(callee({ cost: 400_000 }), callee({ package: 'koa', cost: 400_000 })), 1_200_000)).toBeUndefined();
    expect(hotCall(own(), 1_200_000)).toBeUndefined();
  });

  test('a program that compiles one template for each page', async () => {
    const { diagnosis, place } = await judge({
      'node_modules/mustache/index.js': `
exports.render = (text, data) => fill(parse(text), data);
function parse(text) {
  let spaces = 0;
  for (let round = 0; round < 100; round++) {
    for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) === 32) spaces++;
  }
  return spaces > 0 ? text.split(' ') : [text];
}
const fill = (parts, data) => parts.map((one) => data[one] ?? one).join(' ');`,
      'a.cjs': `
const mustache = require('mustache');
const text = 'the name of this page is name and it has words '.repeat(200);
function page(name) {
  return mustache.render(text, { name });
}
let length = 0;
const end = Date.now() + 2500;
for (let i = 0; Date.now() < end; i++) length += page('n' + i).length;
console.log(length);`,
    });
    expect(diagnosis.verdict).toMatchObject({ branch: 'cpu-hot', title: 'The CPU is busy in one place: render of mustache' });
    expect(diagnosis.verdict.advice).toMatch(/^Compile each template once/);
    expect(place).toMatchObject({ name: 'page', line: 5 });
  });
});
