import type { PatternRule } from '../pattern-rule';
import { javascriptRules } from './javascript';

/** Every rule that Plateau brings, of all languages. */
export const builtInRules: readonly PatternRule[] = [...javascriptRules];
