import { expect, test } from 'vitest';
import { idleWhileRunning } from '../../src/core/findings/patterns/waiting-window';
import { functionAt } from '../../src/core/profile/tables';
import { functionIndex } from '../../src/shared/brands';
import { profileFromText } from '../support/raw-profile';

/** The share of waiting from the first sample of a function to its last one; samples are 1 ms each. */
function waiting(text: string, name: string): number | undefined {
  const { tables } = profileFromText(text);
  const rows = Array.from({ length: tables.functions.length }, (_, func) => func).filter((func) => functionAt(tables, functionIndex(func)).name === name);
  return idleWhileRunning(tables, rows);
}

test('what is waited for after a function is done is not its waiting', () => {
  expect(waiting('main > make x30\n(idle) x10\nmain > make > step x60\n(idle) x900\nmain > later x5', 'make')).toBeCloseTo(10 / 100);
});

test('a function that waits between its turns', () => {
  expect(waiting('main > load x1\n(idle) x49\nmain > load x1\n(idle) x49\nmain > load x1', 'load')).toBeCloseTo(98 / 101);
});

test('nothing is said of what was never seen', () => {
  expect(waiting('main > load x5\n(idle) x5', 'other')).toBeUndefined();
});
