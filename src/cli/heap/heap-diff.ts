import { describeHeapWarning } from '../../service/heap/describe-heap-issue';
import { compareHeaps, type HeapComparison } from '../../service/heap/heap-compare';
import { formatBytes, formatCount, printable, printableJson, shorten } from '../../shared/format';
import { ok } from '../../shared/result';
import { parseCommand, wholeNumber } from '../arguments';
import { Exit, UsageError } from '../exit-codes';
import { styled, write } from '../terminal';
import { columns, opened, readingProgress, threadFile } from './heap-load';

export async function heapDiff(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({ args, allowPositionals: true, options: { json: { type: 'boolean' }, top: { type: 'string' } } });
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0)
    throw new UsageError('plateau heap diff takes two files: the snapshot before and the one after.');
  const top = wholeNumber('top', values.top, 0);
  const result = await compareHeaps(before, after, { onProgress: readingProgress, threadFile });
  const comparison = result.ok ? opened(after, ok(result.value)) : opened<HeapComparison>(result.error.file, { ok: false, error: result.error.issue });
  if (!comparison) return Exit.Input;
  if (values.json) {
    const { rows, warnings, ...rest } = comparison;
    await write(`${printableJson({ ...rest, rows: rows.slice(0, top), warnings: warnings.map(describeHeapWarning) }, 1)}\n`);
  } else await write(describe(comparison, top ?? 20));
  return Exit.Fine;
}

/** Below this it is what V8 does for itself. */
const LEAST_GROWN = 1000;

function grownLine({ sizeDelta, largest }: HeapComparison['grown']): string[] {
  if (sizeDelta < LEAST_GROWN) return [];
  const shown = largest.slice(0, 3).map(({ id, name, sizeDelta: more }) => `${shorten(printable(name), 60)} @${id} +${formatBytes(more)}`);
  return [`${formatBytes(sizeDelta)} more are in objects that were there before: ${shown.join(', ')}`];
}

function describe({ before, after, rows, grown }: HeapComparison, top: number): string {
  const signed = (value: number, format: (value: number) => string): string => (value > 0 ? `+${format(value)}` : value < 0 ? `-${format(-value)}` : format(0));
  const total = rows.reduce((sum, row) => sum + row.sizeDelta, 0);
  const shown = rows
    .slice(0, top)
    .map((row) => [
      signed(row.sizeDelta, formatBytes),
      signed(row.delta, formatCount),
      `+${formatCount(row.added)}`,
      `-${formatCount(row.removed)}`,
      `+${formatBytes(row.addedSize)}`,
      `-${formatBytes(row.removedSize)}`,
      shorten(printable(row.name), 60),
      row.addedIds.length > 0 ? `@${row.addedIds[0]}` : '',
    ]);
  const [head = '', ...lines] = columns([['size', 'count', 'added', 'removed', 'added', 'removed', 'class', 'newest'], ...shown], 6);
  const hidden = rows.length - shown.length;
  return [
    styled('bold', `${printable(before)} → ${printable(after)}`),
    styled('dim', `${signed(total, formatBytes)} · ${formatCount(rows.length)} classes changed`),
    ...grownLine(grown),
    '',
    styled('dim', head),
    ...lines,
    ...(hidden > 0 ? [styled('dim', `and ${formatCount(hidden)} more; --top N shows more`)] : []),
    '',
  ].join('\n');
}
