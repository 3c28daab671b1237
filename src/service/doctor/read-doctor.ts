import path from 'node:path';
import { readRegularText } from '../../files/read-regular';
import { printable, shorten } from '../../shared/format';
import type { FileIssue } from '../../shared/issue';
import { err, type Result } from '../../shared/result';
import { readJson } from '../../shared/schemas/read-json';
import { describeFileIssue } from '../support/describe-file-issue';
import type { DoctorReport } from './doctor';
import { doctorSchema } from './doctor-schema';

/** Why a report cannot be shown. */
export type DoctorFileIssue = { readonly kind: 'unreadable'; readonly issue: FileIssue } | { readonly kind: 'damaged'; readonly expected: string };

const MAX_BYTES = 16e6;
/** Reads a `.doctor.json`. Whoever wrote it, what is given has the shape that a shell draws. */
export async function readDoctorReport(file: string): Promise<Result<DoctorReport, DoctorFileIssue>> {
  const read = await readRegularText(file, { most: MAX_BYTES, isChosen: true });
  if (!read.ok)
    return err(read.error.kind === 'too-large' ? { kind: 'damaged', expected: `at most ${MAX_BYTES / 1e6} MB` } : { kind: 'unreadable', issue: read.error });
  const report = readJson(read.value, doctorSchema);
  if (report.ok) return report;
  const { error } = report;
  return err({ kind: 'damaged', expected: error.kind === 'not-json' ? 'whole JSON' : `${error.expected}${error.at === '' ? '' : ` at ${error.at}`}` });
}

export function describeDoctorIssue(file: string, issue: DoctorFileIssue): string {
  if (issue.kind === 'unreadable') {
    return issue.issue.kind === 'missing' ? `${path.basename(file)} does not exist any more.` : `${path.basename(file)} ${describeFileIssue(issue.issue)}.`;
  }
  return `${path.basename(file)} is no report of Plateau, or it is damaged (expected ${printable(shorten(issue.expected, 200))}). Find the bottleneck again.`;
}
