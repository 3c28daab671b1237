import { functionIndex } from '../../../shared/brands';
import { Category, isCode } from '../../profile/categories';
import { gcByFunction } from '../../profile/function-costs';
import { blameFor } from '../blame';
import type { Rule } from '../evidence';
import { evidenceText, frameLabel } from '../explain';
import { reaches } from '../interval';

/** Garbage collection takes a visible part: too much is allocated. */
export const gc: Rule = (evidence) => {
  const { tables, costs, totals, thresholds, own } = evidence;
  const { nodes, functions } = tables;
  const share = totals.gc / totals.active;
  if (!reaches(share, thresholds.gc, totals.activeSamples)) return [];
  const after = gcByFunction(tables);
  let func = -1;
  let samples = 0;
  for (let i = 0; i < after.length; i++) {
    if (functions.category[i] === Category.Gc) samples += costs.hits[i] as number;
    if (isCode(functions.category[i] as number) && (after[i] as number) > (func < 0 ? 0 : (after[func] as number))) func = i;
  }
  const blame = func < 0 ? undefined : blameFor(tables, own, (node) => (nodes.func[node] === func ? (nodes.self[node] as number) : 0));
  const name = func < 0 ? '' : frameLabel(tables, functionIndex(func));
  const from = blame && blame.func !== func ? `, reached from your ${frameLabel(tables, blame.func)}` : '';
  return [
    {
      rule: 'gc',
      level: 'warning',
      share,
      cost: totals.gc,
      samples,
      functions: func < 0 ? [] : [functionIndex(func), ...(blame && blame.func !== func ? [blame.func] : [])],
      blame,
      title: 'Memory pressure',
      summary: `Garbage collection takes ${evidenceText(evidence, totals.gc, samples)}.${func < 0 ? '' : ` Most of it follows ${name}${from}.`}`,
      advice: 'Allocate less there: reuse objects and buffers, avoid copies in loops, stream instead of collecting.',
    },
  ];
};
