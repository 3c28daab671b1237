import type { PatternRule } from '../pattern-rule';
import { arrayRules } from './arrays';
import { runtimeRules } from './runtime';
import { waitingRules } from './waiting';

/** The rules for JavaScript and TypeScript. */
export const javascriptRules: readonly PatternRule[] = [...arrayRules, ...runtimeRules, ...waitingRules];
