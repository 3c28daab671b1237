import path from 'node:path';
import { describeHeapIssue, describeHeapWarning } from '../../service/heap/describe-heap-issue';
import { formatBytes } from '../../shared/format';
import type { HeapIssue, HeapWarning } from '../../shared/issue';
import type { Result } from '../../shared/result';
import { clearProgress, note, progress } from '../terminal';

/** The second thread's code, beside this bundle. */
export const threadFile = path.join(__dirname, 'heap-thread.mjs');

/** Shows how far the reading of a large file has got. */
export const readingProgress = (read: number, size: number): void => {
  if (size > 20e6) progress(read < size ? `Reading ${formatBytes(read)} of ${formatBytes(size)}` : 'Working out what keeps what alive');
};

/** The value; on failure the reason has been told and undefined is given. */
export function opened<T extends { readonly warnings: readonly HeapWarning[] }>(file: string, result: Result<T, HeapIssue>): T | undefined {
  clearProgress();
  if (!result.ok) {
    note(`plateau: ${file}: ${describeHeapIssue(result.error)}`);
    return undefined;
  }
  for (const warning of result.value.warnings) note(`plateau: ${file}: warning: ${describeHeapWarning(warning)}`);
  return result.value;
}

/** Columns in line; the first `right` ones align on the right. */
export function columns(rows: readonly (readonly string[])[], right: number): string[] {
  const widths = (rows[0] ?? []).map((_, i) => rows.reduce((most, row) => Math.max(most, (row[i] ?? '').length), 0));
  return rows.map((row) =>
    row
      .map((cell, i) => (i < right ? cell.padStart(widths[i] as number) : cell.padEnd(i === row.length - 1 ? 0 : (widths[i] as number))))
      .join('  ')
      .trimEnd(),
  );
}
