import type { HeapStatisticsDto } from '../../../shared/heap-query';
import type { HeapAnalysis } from '../analysis/analyze-heap';
import { type DuplicateString, duplicateStrings } from '../analysis/duplicate-strings';
import type { HeapStatistics } from '../analysis/heap-statistics';

/** Strings of one text, and what of them is too much. */
export interface Repeated extends DuplicateString {
  /** What all but the largest of them take, bytes. */
  readonly wasted: number;
}

/** Strings of equal text, with what they waste. */
export function repeatedStrings(analysis: HeapAnalysis): Repeated[] {
  return duplicateStrings(analysis).map((one) => ({ ...one, wasted: wastedBy(one, analysis.shallowSize) }));
}

function wastedBy({ nodes, shallowSize }: DuplicateString, sizes: Float64Array): number {
  let largest = 0;
  for (const node of nodes) largest = Math.max(largest, sizes[node] as number);
  return shallowSize - largest;
}

/** In the order in which a developer can do something about it. */
export function statisticsParts(
  { total, code, strings, arrays, typedArrays, objects, system, native }: HeapStatistics,
  repeated: readonly Repeated[],
): HeapStatisticsDto {
  return {
    total,
    duplicates: {
      count: repeated.reduce((sum, { count }) => sum + count - 1, 0),
      wasted: repeated.reduce((sum, { wasted }) => sum + wasted, 0),
    },
    parts: [
      { name: 'Objects', size: objects, is: 'object', about: 'objects, functions, Maps and Sets, numbers' },
      { name: 'Arrays', size: arrays, is: 'array', about: 'arrays and their elements' },
      { name: 'Strings', size: strings, is: 'string', about: 'texts, sources too' },
      { name: 'Typed arrays and buffers', size: typedArrays, is: 'buffer', about: 'their bytes' },
      { name: 'Code', size: code, is: 'code', about: 'bytecode and machine code' },
      { name: 'Native', size: native, is: 'native', about: 'memory outside of V8’s heap' },
      { name: 'V8 internal', size: system, is: 'other', about: 'layouts of objects, tables' },
    ],
  };
}
