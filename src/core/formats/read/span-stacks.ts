import type { ProfileWarning } from '../../../shared/issue';
import type { BuiltProfile } from '../../profile/build/build-tables';
import { StackBuilder } from '../../profile/build/stack-builder';
import { Category } from '../../profile/categories';
import type { Span } from './span';

/** What stands for work that is not known to be a span's own. */
export const NO_END = '(no end recorded)';
const SEVERAL = '(several at once)';
/** Microseconds that times may be off where they are whole numbers. */
const ROUNDING = 1;

interface Open {
  node: number;
  end: number;
  readonly func: number;
  readonly isOpenEnded: boolean;
}

/** Frames that are put anew because a span below them has ended; each may be a node. Beyond, spans are cut. */
const MOST_MOVED = 2_000_000;
/** To look at so many takes the time of putting one anew. */
const LOOKS = 20;

/**
 * Spans of a thread as stacks over time: what is open, in the order in which it began.
 * Time that no span covers is idle. Spans may overlap without one being inside of the
 * other, as those of asynchronous work do; each keeps its whole length:
 *
 *   a |-----------|                a       a       .
 *   b      |-----------|      ->   .       b       b
 *
 * and which of them worked meanwhile nobody knows: that time is no one's own, as is the
 * time of a span without an end. Times are rounded: what goes on for a microsecond, and
 * is long beside it, is cut. Of those that begin together the longest is around the
 * others; equal ones nest as they stand in the file.
 */
export function buildSpans(spans: Span[], warnings: readonly ProfileWarning[], mostMoved = MOST_MOVED): BuiltProfile {
  const builder = new StackBuilder('microseconds');
  const open: Open[] = [];
  /** How many open spans end after the one around them. */
  let crossing = 0;
  let overlapping = 0;
  let moved = 0;
  let lost = 0;
  const run = (time: number): void => {
    const top = open.at(-1);
    if (!top) return builder.at(builder.child(builder.root, builder.func('(idle)')), time);
    const nobody = top.isOpenEnded ? NO_END : firstToEnd() === open.length - 1 ? undefined : SEVERAL;
    builder.at(nobody ? nobodyBelow(builder, top.node, nobody) : top.node, time);
  };
  const isCrossing = (at: number): boolean => at > 0 && at < open.length && (open[at] as Open).end > (open[at - 1] as Open).end;
  const remove = (at: number): void => {
    crossing -= (isCrossing(at) ? 1 : 0) + (isCrossing(at + 1) ? 1 : 0);
    open.splice(at, 1);
    if (isCrossing(at)) crossing++;
    moved += open.length - at;
    for (let i = at; i < open.length; i++) {
      const one = open[i] as Open;
      one.node = builder.child(open[i - 1]?.node ?? builder.root, one.func);
    }
  };
  const firstToEnd = (): number => {
    let first = open.length - 1;
    if (crossing === 0) return first;
    moved += open.length / LOOKS;
    if (moved > mostMoved) cutAll();
    else for (let at = first - 1; at >= 0; at--) if ((open[at] as Open).end < (open[first] as Open).end) first = at;
    return first;
  };
  const cutAll = (): void => {
    for (const [at, one] of open.entries()) {
      const around = open[at - 1]?.end ?? one.end;
      lost += Math.max(0, one.end - around);
      one.end = Math.min(one.end, around);
    }
    crossing = 0;
  };
  const closeUntil = (time: number): void => {
    for (let at = firstToEnd(); at >= 0 && (open[at] as Open).end <= time; at = firstToEnd()) {
      const { end } = open[at] as Open;
      remove(at);
      if (open.length === 0 && time === Number.POSITIVE_INFINITY) builder.raw.endTime = end;
      else if (open.length > 0 || end < time) run(end);
    }
  };
  spans.sort((a, b) => a.start - b.start || b.end - a.end || a.order - b.order);
  for (const span of spans) {
    closeUntil(span.start);
    const func = builder.func(span.name, span.url, span.line, span.column);
    const node = builder.child(open.at(-1)?.node ?? builder.root, func);
    const around = open[firstToEnd()]?.end ?? Number.POSITIVE_INFINITY;
    let { end } = span;
    const over = end - around;
    if (over > 0 && over <= ROUNDING && over < (end - span.start) / 100) end = around;
    else if (over > 0) {
      overlapping++;
      if (moved > mostMoved) {
        lost += over;
        end = around;
      }
    }
    open.push({ node, end, func, isOpenEnded: span.isOpenEnded });
    if (isCrossing(open.length - 1)) crossing++;
    run(span.start);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return builder.build(overlapping > 0 ? [...warnings, { kind: 'overlapping-spans', count: overlapping, lost }] : warnings);
}

/** Own time of nobody, below a node: it is part of what the node and its callers took. */
export function nobodyBelow(builder: StackBuilder, node: number, name: string): number {
  const func = builder.func(name);
  builder.raw.functions.known.set(func, Category.Program);
  return builder.child(node, func);
}
