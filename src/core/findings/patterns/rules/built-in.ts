import type { PatternRule } from '../pattern-rule';
import { goRules } from './go';
import { javaRules } from './java';
import { javascriptRules } from './javascript';
import { pythonRules } from './python';

/** Every rule that Plateau brings, of all languages. */
export const builtInRules: readonly PatternRule[] = [...javascriptRules, ...pythonRules, ...goRules, ...javaRules];
