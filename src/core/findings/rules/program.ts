import { functionIndex } from '../../../shared/brands';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { functionAt } from '../../profile/tables';
import { reaches } from '../../statistics/share-interval';
import type { Rule } from '../evidence';
import { evidenceText } from '../explain';

/** The part of a thread that is not its functions' where they do nothing to speak of. */
const LITTLE = 0.15;

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
  // What comes from another thread is read before any function runs: nothing else is so busy, and runs nothing.
  const isReading = evidence.isWorker && totals.active - cost - totals.gc < LITTLE * totals.active;
  return [
    {
      rule: 'program',
      level: isReading ? 'warning' : 'info',
      share,
      cost,
      samples,
      effective: effectiveSamples(cost, costs.squares[func] as number),
      functions: [functionIndex(func)],
      blame: undefined,
      title: isReading ? 'The thread mostly reads what it is sent' : 'Time outside of functions',
      summary: isReading
        ? `(program) takes ${evidenceText(evidence, cost, samples)} of this worker thread, and its functions next to nothing: each message that another thread posts is copied (structured clone), and all that hangs on it is made again here.`
        : `(program) takes ${evidenceText(evidence, cost, samples)}: V8 and the system at work with no function on the stack, such as promise and timer bookkeeping, compiling, and callbacks from input and output.`,
      advice: isReading
        ? 'Look for postMessage in the other threads: send what stays the same once (workerData, a first message), and with each task only what is new, such as an index. Give ArrayBuffers away (transferList) or share them (SharedArrayBuffer).'
        : 'Look for very many short tasks: promises, timers, small reads and writes. Do them in batches; what they call is in the flame graph.',
    },
  ];
};
