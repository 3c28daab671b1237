import fs from 'node:fs/promises';
import path from 'node:path';
import { printable, shorten } from '../shared/format';
import { err, type Result } from '../shared/result';
import { readJson } from '../shared/schemas/read-json';
import type { DoctorReport } from './doctor';
import { doctorSchema } from './doctor-schema';

/** Why a report cannot be shown. */
export type DoctorFileIssue =
  | { readonly kind: 'unreadable'; readonly code: string; readonly detail: string }
  | { readonly kind: 'damaged'; readonly expected: string };

const MAX_BYTES = 16e6;
/** Reads a `.doctor.json`. Whoever wrote it, what is given has the shape that a shell draws. */
export async function readDoctorReport(file: string): Promise<Result<DoctorReport, DoctorFileIssue>> {
  let text: string;
  try {
    const { size } = await fs.stat(file);
    if (size > MAX_BYTES) return err({ kind: 'damaged', expected: `at most ${MAX_BYTES / 1e6} MB` });
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return err({ kind: 'unreadable', code, detail: message });
  }
  const report = readJson(text, doctorSchema);
  if (report.ok) return report;
  const { error } = report;
  return err({ kind: 'damaged', expected: error.kind === 'not-json' ? 'whole JSON' : `${error.expected}${error.at === '' ? '' : ` at ${error.at}`}` });
}

export function describeDoctorIssue(file: string, issue: DoctorFileIssue): string {
  if (issue.kind === 'unreadable') {
    return issue.code === 'ENOENT' ? `${path.basename(file)} does not exist any more.` : `${path.basename(file)} cannot be read: ${issue.detail}.`;
  }
  return `${path.basename(file)} is no report of Plateau, or it is damaged (expected ${printable(shorten(issue.expected, 200))}). Find the bottleneck again.`;
}
