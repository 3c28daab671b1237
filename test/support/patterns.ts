import path from 'node:path';
import type { PatternLanguage, PatternRule } from '../../src/core/findings/patterns/pattern-rule';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import type { FileScan, SyntaxEngine } from '../../src/core/findings/patterns/scan';
import { scanFile } from '../../src/core/findings/patterns/scan-file';
import { openPatternEngine } from '../../src/service/patterns/pattern-engine';
import { parseFunctions } from '../../src/source/parse/parse-functions';
import { root } from './run';

export const dist = path.join(root, 'dist');

let opened: Promise<SyntaxEngine> | undefined;
export const engine = (): Promise<SyntaxEngine> => {
  opened ??= openPatternEngine(path.join(dist, 'grammars')).then(async (one) => {
    await one.load(['javascript', 'typescript', 'tsx']);
    return one;
  });
  return opened;
};

/** Searches a text as if every function of it were hot; the module's top level too, as row -1. */
export async function scanText(text: string, language: PatternLanguage = 'javascript', rules: readonly PatternRule[] = builtInRules): Promise<FileScan> {
  const functions = parseFunctions(text, language === 'javascript' ? 'a.js' : language === 'tsx' ? 'a.tsx' : 'a.ts') ?? [];
  const rows = functions.map((one, func) => ({ func, name: one.name, line: one.v8Line, column: one.v8Column, isHot: true }));
  const top = { func: -1, name: '', line: 0, column: 0, isHot: true };
  return scanFile(await engine(), rules, { file: 'a', language, text, rows: [...rows, top], skippedRules: [] });
}
