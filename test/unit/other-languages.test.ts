import { describe, expect, test } from 'vitest';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import { goRules } from '../../src/core/findings/patterns/rules/go';
import { javaRules } from '../../src/core/findings/patterns/rules/java';
import { pythonRules } from '../../src/core/findings/patterns/rules/python';
import { scanOther } from '../support/other-languages';

const others = [...pythonRules, ...goRules, ...javaRules];

test('there are ten rules and more for each language, and every id is one of its own', () => {
  for (const rules of [pythonRules, goRules, javaRules]) expect(rules.length).toBeGreaterThanOrEqual(10);
  expect(new Set(builtInRules.map(({ id }) => id)).size).toBe(builtInRules.length);
});

describe.each(others.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('is found in its bad example and not in its good one', async () => {
    const [language = 'python'] = rule.languages;
    const bad = await scanOther(rule.examples.bad, language);
    expect(bad.missing).toBe(0);
    expect(bad.matches.map((match) => match.rule)).toEqual([id]);
    const good = await scanOther(rule.examples.good, language);
    expect(good.scanned).toBeGreaterThan(0);
    expect(good.matches.map((match) => match.rule)).not.toContain(id);
  });

  test('says what, why with a cost, and what to do', () => {
    expect(rule.title.length).toBeLessThan(60);
    for (const text of [rule.message, rule.why, rule.fix.advice]) expect(text).toMatch(/[.]$/);
    expect(rule.fix.plan).toBeUndefined();
  });
});
