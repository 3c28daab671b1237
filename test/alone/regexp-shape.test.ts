import { describe, expect, test } from 'vitest';
import { regexpAdvice, regexpShape } from '../../src/core/findings/regexp-shape';

/** How the time of a failing match grows when the text is `times` as long, by V8 itself. */
function growth(pattern: string, text: (n: number) => string, n: number, times: number): number {
  const time = (length: number): number => {
    const regexp = new RegExp(pattern);
    const input = text(length);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 8; i++) {
      const start = performance.now();
      regexp.test(input);
      best = Math.min(best, performance.now() - start);
    }
    return best;
  };
  return time(times * n) / time(n);
}

describe('a pattern is judged as V8 behaves', () => {
  test.each([
    ['(a+)+$', 'exponential', (n: number) => `${'a'.repeat(n)}!`, 11, 2, 50],
    ['^(\\w+\\s?)*$', 'exponential', (n: number) => `${'a'.repeat(n)}!`, 11, 2, 50],
    ['\\s+$', 'polynomial', (n: number) => `${' '.repeat(n)}x`, 3000, 5, 9],
    ['(.*)=(.*);', 'polynomial', (n: number) => '='.repeat(n), 200, 5, 9],
  ] as const)('%s: %s', (pattern, kind, text, n, times, least) => {
    expect(regexpShape(pattern).kind).toBe(kind);
    // Linear would be the factor itself, the square 25 for 5.
    expect(growth(pattern, text, n, times)).toBeGreaterThan(least);
  });

  test.each(['\\s+', '\\w+', '[^,]+', '^v\\d+', 'foo|bar', '^\\w+(?:\\s\\w+)*$', '^[^=]*=[^;]*;', '\\bterm\\b', '^\\p{L}+$', ''])(
    '%s is no worse than its text is long',
    (pattern) => {
      expect(['simple', 'unknown']).toContain(regexpShape(pattern).kind);
    },
  );
});

test('what cannot be judged is not', () => {
  expect(regexpShape('(')).toEqual({ kind: 'unknown' });
  expect(regexpShape(`(${'a|b'.repeat(500)})+$`)).toEqual({ kind: 'unknown' });
});

test('the advice names the part that is to blame', () => {
  expect(regexpAdvice(regexpShape('x(a+)+$'))).toMatch(/^`\(a\+\)\+`|^`a\+`/);
  expect(regexpAdvice(regexpShape('\\s+$'))).toContain('`\\s+`');
  expect(regexpAdvice(regexpShape('^v\\d+$'))).toMatch(/^The pattern itself is simple/);
});
