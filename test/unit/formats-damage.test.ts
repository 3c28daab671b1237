import { describe, expect, test } from 'vitest';
import { mergeProfiles } from '../../src/core/formats/merge-profiles';
import { readAnyProfile } from '../../src/core/formats/read/read-any';
import { checkTables } from '../../src/core/profile/check-tables';
import { mainOf, readAny } from '../support/formats';
import { generator, mutator } from '../support/mutate';
import { smallFiles } from '../support/small-files';

const numbers = [
  '0',
  '-1',
  '1.5',
  '1e308',
  '-1e308',
  '1e999',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '""',
  'null',
  'true',
  '[]',
  '{}',
  '"__proto__"',
  '-0',
  '99999999999999999999',
];
const parts = ['"', '\\', '{', '}', '[', ']', ',', ':', '\0', ';', ' ', '\n', '(', ')', '+0x', '"__proto__":', '=(1)', 'fn=', 'calls=1 1\n', '-', '\u00ff'];

/** What is wrong with whatever the bytes give, as sentences; nothing is right to throw. */
function wrongWith(bytes: Uint8Array): string[] {
  const result = readAnyProfile(bytes);
  if (!result.ok) return [];
  const { profiles, main } = result.value;
  const wrong = profiles.flatMap(({ built }) => checkTables(built.tables));
  if (!profiles[main]) wrong.push('the main profile is not there');
  wrong.push(...checkTables(mergeProfiles(profiles.map(({ built }) => built)).tables));
  return wrong;
}

describe.each(Object.keys(smallFiles))('%s', (name) => {
  const whole = smallFiles[name] as Uint8Array;
  const change = mutator(whole, { pieces: parts, numbers, number: /\d+/g });

  test('opens whole, with cost', () => {
    const built = mainOf(readAny(whole));
    expect(built.tables.nodes.total[0]).toBeGreaterThan(0);
  });

  test('cut at any byte it does not throw, and what it gives is true', () => {
    const wrong: string[] = [];
    let opened = 0;
    for (let cut = 0; cut < whole.length; cut++) {
      const bytes = whole.subarray(0, cut);
      wrong.push(...wrongWith(bytes).map((sentence) => `${cut}: ${sentence}`));
      if (readAnyProfile(bytes).ok) opened++;
    }
    expect(wrong).toEqual([]);
    expect(opened).toBeGreaterThan(whole.length / 10); // it is not that every cut file is refused
  });

  test('3,000 damaged ones: none throws, none lies', () => {
    const wrong: string[] = [];
    let opened = 0;
    for (let seed = 0; seed < 3000 && wrong.length < 5; seed++) {
      const bytes = change(generator(seed));
      try {
        wrong.push(...wrongWith(bytes).map((sentence) => `seed ${seed}: ${sentence}`));
        if (readAnyProfile(bytes).ok) opened++;
      } catch (error) {
        wrong.push(`seed ${seed}: throws ${error instanceof Error ? error.stack : String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(opened).toBeGreaterThan(300);
  });
});
