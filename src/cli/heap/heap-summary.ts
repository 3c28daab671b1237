import { describeHeapWarning } from '../../service/heap/describe-heap-issue';
import { type HeapSummary, summarizeHeap } from '../../service/heap/heap-summary';
import { formatBytes, formatCount, formatShare, printable, printableJson, shorten } from '../../shared/format';
import { oneFile, parseCommand, wholeNumber } from '../arguments';
import { Exit } from '../exit-codes';
import { styled, write } from '../terminal';
import { columns, opened, readingProgress, threadFile } from './heap-load';

export async function heapSummary(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({ args, allowPositionals: true, options: { json: { type: 'boolean' }, top: { type: 'string' } } });
  const file = oneFile('heap summary', positionals);
  const top = wholeNumber('top', values.top, 0);
  const summary = opened(file, await summarizeHeap(file, { onProgress: readingProgress, threadFile }));
  if (!summary) return Exit.Input;
  if (values.json) {
    const { warnings, classes, ...rest } = summary;
    await write(`${printableJson({ ...rest, classes: classes.slice(0, top), warnings: warnings.map(describeHeapWarning) }, 1)}\n`);
  } else await write(describe(summary, top ?? 20));
  return Exit.Fine;
}

function describe({ file, nodeCount, totalSize, statistics, classes }: HeapSummary, top: number): string {
  const parts = [
    ['objects', statistics.objects],
    ['arrays', statistics.arrays],
    ['strings', statistics.strings],
    ['code', statistics.code],
    ['typed arrays and buffers', statistics.typedArrays],
    ['native', statistics.native],
    ["V8's own", statistics.system],
  ] as const;
  const rows = classes
    .slice(0, top)
    .map(({ name, count, shallowSize, retainedSize }) => [
      formatBytes(retainedSize),
      formatShare(totalSize > 0 ? retainedSize / totalSize : 0),
      formatBytes(shallowSize),
      formatCount(count),
      shorten(printable(name), 80),
    ]);
  const [head = '', ...lines] = columns([['retained', '', 'shallow', 'count', 'class'], ...rows], 4);
  const hidden = classes.length - rows.length;
  return [
    styled('bold', printable(file)),
    styled('dim', `${formatBytes(totalSize)} · ${formatCount(nodeCount)} nodes · ${formatCount(classes.length)} classes`),
    ...columns(
      parts.map(([name, size]) => [formatBytes(size), formatShare(totalSize > 0 ? size / totalSize : 0), name]),
      2,
    ),
    '',
    styled('dim', head),
    ...lines,
    ...(hidden > 0 ? [styled('dim', `and ${formatCount(hidden)} more; --top N shows more`)] : []),
    '',
  ].join('\n');
}
