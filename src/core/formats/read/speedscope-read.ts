import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import { err, type Result } from '../../../shared/result';
import { isJson, type Json, listOf, nameOf, numberOf, objectOf, positionOf, rowOf, textOf } from '../../json/json-values';
import { StackBuilder } from '../../profile/build/stack-builder';
import { refuseThreads } from '../../profile/limits';
import { unitOf } from '../units';
import { type Import, type ImportedProfile, imported } from './imported';
import { NO_END, nobodyBelow } from './span-stacks';

/**
 * speedscope's file format (https://www.speedscope.app/file-format-schema.json):
 *
 *   { shared: { frames: [{ name, file?, line?, col? }] }, activeProfileIndex?,
 *     profiles: [{ type: 'sampled', name, unit, startValue, samples: [[frame…]], weights }
 *              | { type: 'evented', name, unit, startValue, endValue, events: [{ type: 'O' | 'C', at, frame }] }] }
 *
 * Stacks stand root first, lines and columns count from 1. py-spy and rbspy write
 * the line that runs, not the function's own: there one function has many frames.
 */
export function readSpeedscope(value: unknown, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const file = objectOf(value);
  const frames = listOf(objectOf(file.shared).frames);
  const context = { frames, hasRunningLines: /^(?:py-spy|rbspy)/i.test(textOf(file.exporter)), warnings };
  const profiles: ImportedProfile[] = [];
  let main: number | undefined;
  for (const [i, one] of listOf(file.profiles).entries()) {
    if (!isJson(one)) continue;
    refuseThreads(profiles.length);
    if (i === file.activeProfileIndex) main = profiles.length;
    if (one.type === 'sampled') profiles.push({ name: nameOf(one.name), built: readSampled(one, context) });
    else if (one.type === 'evented') profiles.push({ name: nameOf(one.name), built: readEvented(one, context) });
  }
  if (profiles.length === 0) return err({ kind: 'nothing-in-it', format: 'speedscope' });
  return imported('speedscope', profiles, main);
}

interface Context {
  readonly frames: readonly unknown[];
  readonly hasRunningLines: boolean;
  readonly warnings: readonly ProfileWarning[];
}

interface FrameRows {
  /** Function row of a frame; -1 for a frame that is not there. */
  func(frame: unknown): number;
  /** The line that runs in a frame, from 1; 0 where the file does not say. */
  line(frame: unknown): number;
}

function frameRows(builder: StackBuilder, { frames, hasRunningLines }: Context): FrameRows {
  const rows = new Int32Array(frames.length).fill(-1);
  return {
    func(frame) {
      const index = rowOf(frame, frames.length);
      if (index < 0) return -1;
      if ((rows[index] as number) < 0) {
        const { name, file, line, col } = objectOf(frames[index]);
        const at = hasRunningLines ? -1 : positionOf(line, 1);
        rows[index] = builder.func(nameOf(name), textOf(file), at, at < 0 ? -1 : positionOf(col, 1));
      }
      return rows[index] as number;
    },
    line(frame) {
      const index = hasRunningLines ? rowOf(frame, frames.length) : -1;
      return index < 0 ? 0 : positionOf(objectOf(frames[index]).line, 1) + 1;
    },
  };
}

function readSampled(profile: Json, context: Context) {
  const { unit, factor } = unitOf(profile.unit);
  const builder = new StackBuilder(unit);
  const rows = frameRows(builder, context);
  const samples = listOf(profile.samples);
  const weights = listOf(profile.weights);
  const isTimed = unit === 'microseconds';
  let time = numberOf(profile.startValue, 0) * factor;
  let unknown = 0;
  for (const [i, sample] of samples.entries()) {
    // Weights that are missing count one each, in whatever the unit is.
    const weight = i < weights.length ? numberOf(weights[i]) * factor : factor;
    let node = builder.root;
    let leaf: unknown;
    for (const frame of listOf(sample)) {
      const func = rows.func(frame);
      if (func < 0) unknown++;
      else {
        node = builder.child(node, func);
        leaf = frame;
      }
    }
    builder.addLine(node, rows.line(leaf), weight);
    if (!isTimed) builder.add(node, weight);
    else if (weight >= 0) {
      if (weight > 0) builder.at(node, time);
      time += weight;
    } else builder.add(node, weight); // counted there as no cost
  }
  if (isTimed) {
    builder.raw.startTime = numberOf(profile.startValue, 0) * factor;
    builder.raw.endTime = Number.isFinite(time) ? time : Number.NaN;
  }
  return builder.build(unknown > 0 ? [...context.warnings, { kind: 'unknown-sample-nodes', count: unknown }] : context.warnings);
}

function readEvented(profile: Json, context: Context) {
  const { unit, factor } = unitOf(profile.unit);
  const builder = new StackBuilder(unit);
  const rows = frameRows(builder, context);
  const idle = (): number => (unit === 'microseconds' ? builder.child(builder.root, builder.func('(idle)')) : builder.root);
  const nodes: number[] = [];
  const frames: unknown[] = [];
  const events = listOf(profile.events);
  const endless = endlessFrames(events, (frame) => rows.func(frame) >= 0);
  /** Of the frames that are open: whether nothing says when they end. */
  const isEndless: boolean[] = [];
  /** How often a frame is open: looking for one that is not must not cost the whole stack. */
  const open = new Map<unknown, number>();
  const isTimed = unit === 'microseconds';
  let time = numberOf(profile.startValue, 0) * factor;
  let unbalanced = 0;
  /** What ran up to now gets its cost. */
  const advance = (to: number): void => {
    if (!(to > time)) return; // also for what goes back in time
    const top = nodes.at(-1) ?? idle();
    const node = isEndless.at(-1) ? nobodyBelow(builder, top, NO_END) : top;
    builder.addLine(node, rows.line(frames.at(-1)), to - time);
    if (isTimed) builder.at(node, time);
    else if (node !== builder.root) builder.add(node, to - time);
    time = to;
  };
  for (const [i, event] of events.entries()) {
    const { type, at, frame } = objectOf(event);
    const func = rows.func(frame);
    if (func < 0 || (type !== 'O' && type !== 'C')) {
      unbalanced++;
      continue;
    }
    advance(numberOf(at) * factor);
    if (type === 'O') {
      nodes.push(builder.child(nodes.at(-1) ?? builder.root, func));
      frames.push(frame);
      isEndless.push(endless.has(i));
      open.set(frame, (open.get(frame) ?? 0) + 1);
      continue;
    }
    if (!open.get(frame)) {
      unbalanced++;
      continue;
    }
    for (let closed: unknown = {}; closed !== frame; ) {
      closed = frames.pop();
      nodes.pop();
      isEndless.pop();
      open.set(closed, (open.get(closed) as number) - 1);
      if (closed !== frame) unbalanced++;
    }
  }
  unbalanced += nodes.length;
  advance(numberOf(profile.endValue) * factor);
  if (isTimed) {
    builder.raw.startTime = numberOf(profile.startValue, 0) * factor;
    builder.raw.endTime = time;
  }
  return builder.build(unbalanced > 0 ? [...context.warnings, { kind: 'unbalanced-events', count: unbalanced }] : context.warnings);
}

/** The places of events that open what no event closes, but that of a frame around it. */
function endlessFrames(events: readonly unknown[], isFrame: (frame: unknown) => boolean): ReadonlySet<number> {
  const open: { readonly frame: unknown; readonly at: number }[] = [];
  const counts = new Map<unknown, number>();
  const endless = new Set<number>();
  for (const [at, event] of events.entries()) {
    const { type, frame } = objectOf(event);
    if (!isFrame(frame)) continue;
    if (type === 'O') {
      open.push({ frame, at });
      counts.set(frame, (counts.get(frame) ?? 0) + 1);
    } else if (type === 'C' && counts.get(frame)) {
      for (let closed = open.pop(); closed; closed = open.pop()) {
        counts.set(closed.frame, (counts.get(closed.frame) as number) - 1);
        if (closed.frame === frame) break;
        endless.add(closed.at);
      }
    }
  }
  for (const { at } of open) endless.add(at);
  return endless;
}
