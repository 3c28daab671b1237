import type { PatternRule } from '../pattern-rule';
import { arrayRules } from './arrays';
import { flowRules } from './flow';
import { listRules } from './lists';
import { outputRules } from './output';
import { queryRules } from './queries';
import { runtimeRules } from './runtime';
import { shapeRules } from './shapes';
import { textRules } from './texts';
import { waitingRules } from './waiting';
import { wholeRules } from './whole';
import { workRules } from './work';

/** The rules for JavaScript and TypeScript. */
export const javascriptRules: readonly PatternRule[] = [
  ...arrayRules,
  ...listRules,
  ...runtimeRules,
  ...shapeRules,
  ...workRules,
  ...textRules,
  ...wholeRules,
  ...outputRules,
  ...flowRules,
  ...queryRules,
  ...waitingRules,
];
