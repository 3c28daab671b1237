import { addDetail, type Span } from './span';

/** A begin or an end of a span, as an event of its own. */
export interface Mark {
  readonly ts: number;
  readonly isBegin: boolean;
  /** As the event has it: an end may have none, and then ends what began last. */
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
}

/**
 * Makes spans of begins and ends, which are sorted by time first; gives how many stood
 * alone. An end ends the last span of its name:
 *
 *   B a   B b   E b   E a          b inside of a
 *   B a   B b   E a   E b          b goes on after a
 *   B a   B b   E a                b has no end: no later than a's
 *   B a                            a has no end: no later than the last event
 *   E a   B a, at one time         a takes no time
 */
export function pairMarks(marks: Mark[], spans: Span[]): number {
  marks.sort((a, b) => a.ts - b.ts); // stable: of one time, as they stand in the file
  const open: Mark[] = [];
  const openByName = new Map<string, number>();
  /** The last span of a name that was ended with the one around it. */
  const cutShort = new Map<string, Span>();
  /** Ends that found nothing to end, and their time. */
  const early = new Map<string, number>();
  let alone = 0;
  let last = Number.NEGATIVE_INFINITY;
  const close = (ts: number): Mark => {
    const mark = open.pop() as Mark;
    mark.span.end = ts;
    openByName.set(mark.name, (openByName.get(mark.name) as number) - 1);
    return mark;
  };
  const closeAlone = (ts: number): void => {
    const { span, name } = close(ts);
    span.isOpenEnded = true;
    cutShort.set(name, span);
    alone++;
  };
  for (const mark of marks) {
    const { ts, name, detail } = mark;
    last = ts;
    if (mark.isBegin && early.get(name) === ts) {
      early.delete(name);
      spans.push(mark.span);
      alone--;
    } else if (mark.isBegin) {
      open.push(mark);
      spans.push(mark.span);
      openByName.set(name, (openByName.get(name) ?? 0) + 1);
      cutShort.delete(name);
    } else if (open.length > 0 && (name === '' || (openByName.get(name) ?? 0) > 0)) {
      while (name !== '' && open.at(-1)?.name !== name) closeAlone(ts);
      const begun = close(ts);
      if (begun.detail === '') addDetail(begun.span, detail);
    } else {
      const late = cutShort.get(name);
      if (late) {
        late.end = ts;
        late.isOpenEnded = false;
        cutShort.delete(name);
        alone--;
      } else {
        early.set(name, ts);
        alone++;
      }
    }
  }
  const end = spans.reduce((most, span) => Math.max(most, span.end), last);
  while (open.length > 0) closeAlone(end);
  return alone;
}
