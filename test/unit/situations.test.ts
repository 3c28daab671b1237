/** `test/README.md` names tests that there are. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/run';

const rows = readFileSync(path.join(root, 'test/README.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| (?!Situation)/.test(line));

/** The names in a cell, each with the file that it stands behind. */
function named(cell: string): readonly { readonly file: string; readonly name: string }[] {
  const found: { file: string; name: string }[] = [];
  let file = '';
  for (const [, next, name] of cell.matchAll(/`([^`]+\.ts)`|"([^"]+)"/g)) {
    if (next !== undefined) file = next;
    else found.push({ file, name: name as string });
  }
  return found;
}

const fileOf = (name: string): string => path.join(root, 'test', name);

test.each(rows.map((row) => row.split(' | ') as [string, string, string]))('%s', (_, held, kin) => {
  expect(named(held)).toHaveLength(1);
  expect(named(kin)).toHaveLength(2);
  for (const { file, name } of [...named(held), ...named(kin)]) {
    expect(existsSync(fileOf(file)), file).toBe(true);
    expect(readFileSync(fileOf(file), 'utf8'), `${file} has "${name}"`).toContain(name);
  }
});
