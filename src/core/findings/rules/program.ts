import { functionIndex } from '../../../shared/brands';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/effective-samples';
import type { Rule } from '../evidence';
import { evidenceText } from '../explain';
import { reaches } from '../interval';

/** Much of the time in V8 and the system, outside of any function: `(program)`. */
export const program: Rule = (evidence) => {
  const { tables, costs, totals, thresholds } = evidence;
  const share = totals.program / totals.active;
  if (tables.unit !== 'microseconds' || !reaches(share, thresholds.program, totals.effectiveSamples)) return [];
  const func = tables.functions.category.indexOf(Category.Program);
  if (func < 0) return [];
  const samples = costs.hits[func] as number;
  return [
    {
      rule: 'program',
      level: 'info',
      share,
      cost: totals.program,
      samples,
      effective: effectiveSamples(totals.program, costs.squares[func] as number),
      functions: [functionIndex(func)],
      blame: undefined,
      title: 'Time outside of functions',
      summary: `(program) takes ${evidenceText(evidence, totals.program, samples)}: V8 and the system at work with no function on the stack, such as promise and timer bookkeeping, compiling, and callbacks from input and output.`,
      advice: 'Look for very many short tasks: promises, timers, small reads and writes. Do them in batches; what they call is in the flame graph.',
    },
  ];
};
