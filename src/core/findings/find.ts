import { type FunctionCosts, functionCosts, profileTotals } from '../profile/costs/function-costs';
import type { ProfileTables } from '../profile/tables';
import type { ShownThreads } from '../profile/views/threads';
import { type Evidence, evidenceOf, type LinesOf, type Rule } from './evidence';
import type { Finding } from './finding';
import { costlyCall } from './rules/costly-call';
import { deopt } from './rules/deopt';
import { focus } from './rules/focus';
import { gc } from './rules/gc';
import { idle } from './rules/idle';
import { plateau } from './rules/plateau';
import { program } from './rules/program';
import { deepRecursion, reentered } from './rules/recursion';
import { regexp, runtimeWork } from './rules/runtime-work';
import { spread } from './rules/spread';
import { towers } from './rules/towers';
import type { Thresholds } from './thresholds';

const rules: readonly Rule[] = [plateau, runtimeWork, regexp, costlyCall, gc, deopt, deepRecursion, reentered, towers, focus, spread, program];

/** A plateau says nothing new where another finding tells the cause of this part of it. */
const EXPLAINED = 0.5;

/** All findings of a profile, loudest first. Silent on too few samples. `linesOf` reads hot lines of source; `threads` are all of the recording's. */
export function findInProfile(
  tables: ProfileTables,
  thresholds: Thresholds,
  costs: FunctionCosts = functionCosts(tables),
  linesOf: LinesOf = () => [],
  threads?: ShownThreads,
): Finding[] {
  const totals = profileTotals(tables, costs);
  const evidence = evidenceOf(tables, costs, totals, thresholds, linesOf, threads);
  const isEnough = totals.effectiveSamples >= thresholds.minSamples && totals.active > 0;
  const found = [...(isEnough ? rules.flatMap((rule) => rule(evidence)).filter((finding) => hasEvidence(evidence, finding)) : []), ...idle(evidence)];
  const rank = { error: 0, warning: 1, info: 2 };
  return withoutEchoes(found, costs).sort((a, b) => rank[a.level] - rank[b.level] || b.share - a.share);
}

/** Whether the finding's own samples are enough: a long gap, such as a program's end, is no evidence of what ran in it. */
const hasEvidence = ({ tables, thresholds }: Evidence, { effective }: Finding): boolean => tables.unit !== 'microseconds' || effective >= thresholds.minSamples;

/**
 * One cost is told once:
 *
 *   own code and what it calls gives way to a plateau, or a kind of work, that is most of it, and else says it for them
 *   a plateau                 gives way to a finding that tells the cause of half of it, be it a wait for other threads
 *   a function calls itself   gives way to its plateau, which says so too, and to deep recursion
 *   focused work              gives way to one finding that has as much, or has the cause of half of it
 *   an even spread            gives way to many small calls from one place
 */
function withoutEchoes(all: readonly Finding[], costs: FunctionCosts): Finding[] {
  const isCall = ({ rule }: Finding): boolean => rule === 'costly-call';
  const calls = all.filter((one) => isCall(one) && !all.some((other) => isMostOf(other, one, costs)));
  const found = all.filter((one) => !isCall(one) || calls.includes(one));
  const explained = new Map<number, number>();
  for (const { explains } of found) for (const [func, cost] of explains ?? []) explained.set(func, (explained.get(func) ?? 0) + cost);
  const isPlateau = ({ rule }: Finding): boolean => rule === 'plateau' || rule === 'stack-plateau';
  const isExplained = ({ functions: [func] }: Finding): boolean => func !== undefined && (explained.get(func) ?? 0) >= EXPLAINED * (costs.self[func] as number);
  const kept = found.filter((finding) => !isPlateau(finding) || !isExplained(finding));
  const told = new Set(kept.filter((one) => isPlateau(one) || one.rule === 'deep-recursion').map(({ functions: [func] }) => func));
  const hasTowers = kept.some(({ rule }) => rule === 'thin-towers');
  const isEcho = ({ rule, functions, share, cost }: Finding): boolean => {
    if (rule === 'recursion') return told.has(functions[0]);
    if (rule === 'spread') return hasTowers;
    if (rule !== 'focus') return false;
    const known = functions.reduce((sum, func) => sum + Math.min(explained.get(func) ?? 0, costs.self[func] as number), 0);
    return known >= EXPLAINED * cost || kept.some((one) => one.level !== 'info' && one.share >= share);
  };
  return kept.filter((finding) => !isEcho(finding));
}

/** The part of what a function leads to that another finding must be about to speak for it. */
const MOST = 0.6;

/** Whether a plateau or a kind of work is most of what own code leads to. */
function isMostOf({ rule, functions: [func], explains }: Finding, call: Finding, costs: FunctionCosts): boolean {
  if (rule === 'costly-call' || rule === 'focus' || rule === 'spread') return false;
  const parts = explains ?? (func !== undefined && /plateau$/.test(rule) ? new Map([[func as number, costs.self[func] as number]]) : new Map<number, number>());
  let shared = 0;
  for (const [one, cost] of parts) shared += Math.min(cost, call.explains?.get(one) ?? 0);
  return shared >= MOST * call.cost;
}
