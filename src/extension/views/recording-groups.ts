import type { RecordingDto } from '../../protocol/lsp';

/** A row of the list: a recording, or recordings that were made in the same way, or on the same day. */
export type RecordingRow = RecordingDto | RecordingGroup;

export interface RecordingGroup {
  readonly kind: 'group';
  /** Names it among all rows. */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly RecordingRow[];
  /** All recordings in it, also of its days. */
  readonly recordings: readonly RecordingDto[];
  readonly isFolded: boolean;
}

export const isGroup = (row: RecordingRow): row is RecordingGroup => row.kind === 'group';

/** Up to so many recordings are seen at a glance: groups would only be in the way. */
const FEW = 8;

/** Whether a recording has all words of a filter in what is shown of it. */
export function isShown({ title, headline, detail, group }: RecordingDto, filter: string): boolean {
  const text = `${title} ${headline} ${detail} ${group}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The rows at the top of the list: by what was run, the newest first, and within by day. `dayOf` names the day of a time. */
export function groupRecordings(recordings: readonly RecordingDto[], dayOf: (time: number) => string): readonly RecordingRow[] {
  const newest = [...recordings].sort((a, b) => b.time - a.time);
  if (newest.length <= FEW) return newest;
  const byWay = grouped(newest, ({ group }) => group);
  return [...byWay].map(([title, own], at) => {
    const days = grouped(own, ({ time }) => dayOf(time));
    const isLong = own.length > FEW && days.size > 1;
    const rows: readonly RecordingRow[] = isLong
      ? [...days].map(([day, ofDay], row) => ({ kind: 'group', id: `${title}\0${day}`, title: day, rows: ofDay, recordings: ofDay, isFolded: row > 0 }))
      : own;
    return { kind: 'group', id: title, title, rows, recordings: own, isFolded: at > 0 };
  });
}

function grouped<K>(rows: readonly RecordingDto[], keyOf: (row: RecordingDto) => K): Map<K, RecordingDto[]> {
  const groups = new Map<K, RecordingDto[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
