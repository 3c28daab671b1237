import { formatBytes, formatCount, formatShare, plural } from '../../src/shared/format';
import type { HeapRow } from '../../src/shared/heap-query';
import type { ListKind } from './list-queries';
import { describeRow } from './row-cells';

export const listLabels: Readonly<Record<ListKind, string>> = {
  classes: 'Classes',
  comparison: 'Comparison by class',
  dominators: 'Dominators',
  retainers: 'Retainers',
  strings: 'Strings of equal text',
  detached: 'Detached nodes',
};

/** What a list says where it has no row. */
export const emptyWords: Readonly<Record<ListKind, string>> = {
  classes: 'No class fits.',
  comparison: 'No class fits: nothing of what is asked for was added or removed.',
  dominators: 'The snapshot holds nothing.',
  retainers: 'Nothing refers to it. It lives by weak references alone, or is a root.',
  strings: 'No text is in memory more than once.',
  detached: 'No DOM node is kept that is in no document any more.',
};

const nouns: Readonly<Record<ListKind, string>> = {
  classes: 'class',
  comparison: 'class',
  dominators: 'object',
  retainers: 'retainer',
  strings: 'text',
  detached: 'node',
};

/** The number of a list's outermost rows, with what they are. */
export function countWords(kind: ListKind, count: number): string {
  const noun = nouns[kind];
  return noun === 'class' ? `${formatCount(count)} ${count === 1 ? 'class' : 'classes'}` : plural(count, noun);
}

/** What the status line says of a row; shares are of `totalSize`, in bytes. */
export function statusOf(row: HeapRow, totalSize: number): readonly string[] {
  if (row.kind === 'object') {
    const share = formatShare(row.retained / Math.max(1, totalSize));
    return [`${row.label} @${row.id}`, `retained ${formatBytes(row.retained)} · ${share}`, `shallow ${formatBytes(row.shallow)}`];
  }
  const [name, ...rest] = describeRow(row).split(', ');
  return [name ?? '', ...rest];
}
