import { functionIndex } from '../../../shared/brands';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { functionAt } from '../../profile/tables';
import { reaches } from '../../statistics/share-interval';
import type { Rule } from '../evidence';
import { evidenceText } from '../explain';

/** Much of the time in V8 and the system, outside of any function: `(program)`. */
export const program: Rule = (evidence) => {
  const { tables, costs, totals, thresholds } = evidence;
  // Frames that readers of traces put in for what nobody knows are of this category too.
  const func = tables.functions.category.findIndex(
    (category, at) => category === Category.Program && functionAt(tables, functionIndex(at)).name === '(program)',
  );
  if (func < 0) return [];
  const cost = costs.self[func] as number;
  const share = cost / totals.active;
  if (tables.unit !== 'microseconds' || !reaches(share, thresholds.program, totals.effectiveSamples)) return [];
  const samples = costs.hits[func] as number;
  return [
    {
      rule: 'program',
      level: 'info',
      share,
      cost,
      samples,
      effective: effectiveSamples(cost, costs.squares[func] as number),
      functions: [functionIndex(func)],
      blame: undefined,
      title: 'Time outside of functions',
      summary: `(program) takes ${evidenceText(evidence, cost, samples)}: V8 and the system at work with no function on the stack, such as promise and timer bookkeeping, compiling, and callbacks from input and output.`,
      advice: 'Look for very many short tasks: promises, timers, small reads and writes. Do them in batches; what they call is in the flame graph.',
    },
  ];
};
