import type { ChoiceDto, ThreadDto } from '../../../src/protocol/threads';
import { formatTime } from '../../../src/shared/format';

/** `thread 1 of process 4711`; empty where the file tells no numbers. */
export function whereText({ process, thread }: Pick<ThreadDto, 'process' | 'thread'>): string {
  const own = thread === undefined ? '' : thread === 0 ? 'main thread' : `thread ${thread}`;
  return [own, process === undefined ? '' : `process ${process}`].filter(Boolean).join(' of ');
}

/** What is said of a choice where it is not seen. */
export function spokenText({ name, detail, thread }: ChoiceDto): string {
  if (!thread) return `${name}, ${detail}`;
  const parts = [thread.name, whereText(thread), `${formatTime(thread.cpu)} of CPU time`, detail];
  if (thread.waiting > 0) parts.push(`${formatTime(thread.waiting)} waiting`);
  if (thread.isMissing) parts.push('its file is missing');
  return parts.filter(Boolean).join(', ');
}

/** Rows by falling CPU time; choices that are no threads as they stand. */
export function rowsByCpu(choices: readonly ChoiceDto[]): number[] {
  return choices.map((_, row) => row).sort((a, b) => (choices[b]?.thread?.cpu ?? 0) - (choices[a]?.thread?.cpu ?? 0) || a - b);
}

/** Rows process by process, each from its main thread on; what has more time first. */
export function rowsByProcess(choices: readonly ChoiceDto[]): number[] {
  const first = new Map<number | undefined, number>();
  for (const row of rowsByCpu(choices)) {
    const process = choices[row]?.thread?.process;
    if (!first.has(process)) first.set(process, first.size);
  }
  const place = (row: number): number => first.get(choices[row]?.thread?.process) ?? 0;
  return choices.map((_, row) => row).sort((a, b) => place(a) - place(b) || (choices[a]?.thread?.thread ?? a) - (choices[b]?.thread?.thread ?? b) || a - b);
}

/** Whether every word of a filter is in what is seen of a choice. */
export function fitsFilter({ name, thread }: ChoiceDto, filter: string): boolean {
  const text = `${name} ${thread ? `${thread.name} ${whereText(thread)} ${thread.process ?? ''}` : ''}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
