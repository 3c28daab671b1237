import path from 'node:path';
import type { Branch } from '../core/doctor/diagnosis';
import { readRegularText } from '../files/read-regular';
import type { FileIssue } from '../shared/issue';
import { err, ok, type Result } from '../shared/result';
import { describeFileIssue } from './describe-file-issue';
import type { DoctorReport } from './doctor';

/** Why a report cannot be shown. */
export type DoctorFileIssue = { readonly kind: 'unreadable'; readonly issue: FileIssue } | { readonly kind: 'damaged'; readonly expected: string };

const MAX_BYTES = 16e6;
const branches: readonly Branch[] = [
  'cpu-hot',
  'cpu-spread',
  'cpu-elsewhere',
  'io',
  'timers',
  'memory-gc',
  'memory-growth',
  'loop-blocked',
  'sequential',
  'healthy',
  'inconclusive',
];

/** Reads a `.doctor.json`. Whoever wrote it, what is given has the shape that a shell draws. */
export async function readDoctorReport(file: string): Promise<Result<DoctorReport, DoctorFileIssue>> {
  const read = await readRegularText(file, { most: MAX_BYTES, isChosen: true });
  if (!read.ok)
    return err(read.error.kind === 'too-large' ? { kind: 'damaged', expected: `at most ${MAX_BYTES / 1e6} MB` } : { kind: 'unreadable', issue: read.error });
  let report: Partial<DoctorReport> | null;
  try {
    report = JSON.parse(read.value) as Partial<DoctorReport> | null;
  } catch {
    return err({ kind: 'damaged', expected: 'whole JSON' });
  }
  const expected = firstMissing(report);
  return expected === undefined ? ok(report as DoctorReport) : err({ kind: 'damaged', expected });
}

export function describeDoctorIssue(file: string, issue: DoctorFileIssue): string {
  if (issue.kind === 'unreadable') {
    return issue.issue.kind === 'missing' ? `${path.basename(file)} does not exist any more.` : `${path.basename(file)} ${describeFileIssue(issue.issue)}.`;
  }
  return `${path.basename(file)} is no report of Plateau, or it is damaged (expected ${issue.expected}). Find the bottleneck again.`;
}

function firstMissing(report: Partial<DoctorReport> | null): string | undefined {
  if (typeof report !== 'object' || report?.schema !== 'plateau/doctor/1') return 'schema plateau/doctor/1';
  const { title, recordedAt, profile, diagnosis, notes, processes, place, pattern } = report;
  if (!areTexts([title, recordedAt, profile])) return 'title, recordedAt and profile';
  if (!Array.isArray(notes) || !areTexts(notes)) return 'a list of notes';
  if (!Array.isArray(processes) || !processes.every((one) => typeof one?.pid === 'number' && typeof one.command === 'string')) return 'a list of processes';
  const verdict = diagnosis?.verdict;
  if (!verdict || !areTexts([verdict.title, verdict.summary, verdict.advice, verdict.next]) || !branches.includes(verdict.branch)) return 'a verdict';
  if (place && !(areTexts([place.file, place.name]) && typeof place.line === 'number')) return 'a place';
  if (pattern && !(areTexts([pattern.rule, pattern.title, pattern.summary, pattern.advice, pattern.file]) && typeof pattern.line === 'number')) {
    return 'a pattern';
  }
  const turns: readonly unknown[] = Array.isArray(diagnosis.turns) ? diagnosis.turns : [undefined];
  return turns.every(isTurn) ? undefined : 'the turns of the tree';
}

function isTurn(value: unknown): boolean {
  const turn = value as Partial<DoctorReport['diagnosis']['turns'][number]> | null | undefined;
  return (
    areTexts([turn?.question, turn?.reason]) &&
    Array.isArray(turn?.figures) &&
    turn.figures.every((one) => areTexts([one?.label, one?.value])) &&
    Array.isArray(turn.answers) &&
    turn.answers.every((one) => typeof one?.label === 'string')
  );
}

const areTexts = (values: readonly unknown[]): boolean => values.every((value) => typeof value === 'string');
