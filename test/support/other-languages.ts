import path from 'node:path';
import type { PatternLanguage, PatternRule } from '../../src/core/findings/patterns/pattern-rule';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import type { FileScan } from '../../src/core/findings/patterns/scan';
import { scanFile } from '../../src/core/findings/patterns/scan-file';
import { isFunction, nodesWithin } from '../../src/core/findings/patterns/syntax';
import { openPatternEngine, type PatternEngine } from '../../src/service/patterns/pattern-engine';
import { dist } from './patterns';

let opened: Promise<PatternEngine> | undefined;
export const otherEngine = (): Promise<PatternEngine> => {
  opened ??= openPatternEngine(path.join(dist, 'grammars')).then(async (one) => {
    await one.load(['python', 'go', 'java']);
    return one;
  });
  return opened;
};

/** Searches a text of Python, Go or Java as if every named function of it were hot. */
export async function scanOther(text: string, language: PatternLanguage, rules: readonly PatternRule[] = builtInRules): Promise<FileScan> {
  const engine = await otherEngine();
  const tree = engine.parse(language, text);
  const rows = [...nodesWithin(tree.root)].filter(isFunction).flatMap((fn, func) => {
    const name = fn.childForFieldName('name')?.text;
    return name === undefined ? [] : [{ func, name, line: fn.startPosition.row, column: -1, isHot: true }];
  });
  tree.close();
  return scanFile(engine, rules, { file: 'a', language, text, rows, skippedRules: [] });
}
