import type { LoopRate } from '../../core/statistics/mean-interval';
import { formatRate, formatTime } from '../../shared/format';
import { recipeTitle } from '../../shared/recipe';
import type { RecordingInfo } from './recording-info';

/** `node 24.1.0`; Deno and Bun name themselves. */
export const runtimeText = (version: string): string => (/^(?:deno|bun)\b/.test(version) ? version : `node ${version.replace(/^v/, '')}`);

/** What was run, when, on which Node.js and commit, in one line. */
export function recordingText(info: RecordingInfo): string {
  const parts = [recipeTitle(info.recipe), minuteOf(new Date(info.recordedAt)), info.node && runtimeText(info.node), `every ${formatTime(info.interval)}`];
  if (info.commit) parts.push(info.commit.slice(0, 7) + (info.isDirty ? ' with changes' : ''));
  if (info.exit && info.exit.code !== 0) parts.push(info.exit.signal ? `ended by ${info.exit.signal}` : `exit code ${info.exit.code}`);
  return parts.filter(Boolean).join(' · ');
}

/** `2026-01-05 14:03`, on this machine's clock. */
export const minuteOf = (date: Date): string => `${date.toLocaleDateString('en-CA')} ${date.toTimeString().slice(0, 5)}`;

/** `91,800 calls/s (91,100 – 92,500, 95 %), 10.9 µs a call`. */
export function loopText({ rate, perCall }: LoopRate): string {
  const interval = Number.isFinite(rate.low) ? ` (${formatRate(rate.low)} – ${formatRate(rate.high)}, 95 %)` : '';
  return `${formatRate(rate.mean)} calls/s${interval}, ${formatNanoseconds(perCall.mean)} a call`;
}

const formatNanoseconds = (ns: number): string => (ns < 999.5 ? `${ns.toPrecision(3)} ns` : formatTime(ns / 1000));
