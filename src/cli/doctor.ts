import path from 'node:path';
import type { Diagnosis, Figure } from '../core/doctor/diagnosis';
import { type DoctorReport, type Examined, findBottleneck, keepExamined } from '../service/doctor/doctor';
import { fileText } from '../service/export/place-text';
import { describeCaptureIssue } from '../service/recording/describe-capture-issue';
import { formatTime, printable, printableJson } from '../shared/format';
import { parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { splitArguments } from './recipe';
import {
  askedFor,
  cannotKeepIn,
  exitCodeOf,
  intervalOf,
  launching,
  misplacedExit,
  profilesFolder,
  recordingOptions,
  safetyOf,
  underControl,
} from './recording';
import { runnable } from './runnable';
import { note, styled, styledCode, write } from './terminal';

export const run = runnable('doctor', doctorCommand);

const levels = ['info', 'warning', 'error'] as const;

async function doctorCommand(args: string[]): Promise<Exit> {
  const { own, target } = splitArguments(args);
  const { values } = parseCommand({
    args: own,
    options: {
      ...recordingOptions,
      'fail-on': { type: 'string' },
    },
  });
  const failOn = values['fail-on'] ?? 'error';
  if (failOn !== 'never' && !levels.includes(failOn as (typeof levels)[number])) {
    throw new UsageError(`--fail-on takes error, warning, info or never, not "${failOn}".`);
  }
  const interval = intervalOf(values);
  const safety = safetyOf(values);
  const { recipe, nodePath, seconds } = askedFor('doctor', target, values);
  const folder = values.out === undefined ? profilesFolder() : path.resolve(values.out);
  const refusal = await cannotKeepIn(folder, '--out FOLDER');
  if (refusal) {
    note(`plateau: ${refusal}`);
    return Exit.Input;
  }

  const result = await underControl(recipe, ['Measuring', 'judge'], (control, onLaunch) =>
    findBottleneck({ recipe, nodePath, ...launching(values, onLaunch), capture: { interval, seconds, ...safety, ...control } }),
  );
  if (!result.ok) {
    note(`plateau: ${describeCaptureIssue(result.error)}`);
    return exitCodeOf(result.error);
  }
  const keeping = await keepExamined(folder, result.value);
  if (!keeping.ok) {
    note(`plateau: ${describeCaptureIssue(keeping.error)}`);
    return exitCodeOf(keeping.error);
  }
  const { value: kept, misplaced } = keeping.value;
  const { report } = result.value;
  if (values.json) await write(`${printableJson({ ...report, profile: kept.profile, report: kept.report }, 1)}\n`);
  else await write(describe(report, kept));
  if (misplaced) return misplacedExit(misplaced, kept.profile);
  const { branch, level } = report.diagnosis.verdict;
  if (branch === 'inconclusive') return Exit.Inconclusive;
  return level !== undefined && failOn !== 'never' && levels.indexOf(level) >= levels.indexOf(failOn as (typeof levels)[number]) ? Exit.Finding : Exit.Fine;
}

/** The tree as text, the way that was taken marked, then the verdict and the next step. */
function describe(report: Examined['report'], kept: { readonly profile: string; readonly report: string }): string {
  const { diagnosis, place, pattern, processes, notes } = report;
  const { verdict } = diagnosis;
  const colour = verdict.level === 'error' ? 'red' : verdict.level === 'warning' ? 'yellow' : 'green';
  const lines = [styled('bold', printable(report.title)), ''];
  lines.push(...treeLines(diagnosis), '');
  lines.push(styled(colour, `${verdict.level ?? verdict.branch}: ${printable(verdict.title)}`), `  ${styledCode(printable(verdict.summary))}`);
  if (place) lines.push(`  ${styled('bold', printable(placeText(place)))}`);
  if (pattern)
    lines.push(
      `  ${styled('bold', pattern.title)} (${pattern.rule})  ${fileText(pattern.file, [process.cwd()])}:${pattern.line}`,
      `  ${styledCode(printable(pattern.summary))}`,
    );
  lines.push(`  ${styledCode(printable((pattern ?? verdict).advice))}`);
  if (pattern?.fix) lines.push(`  fix: ${printable(pattern.fix)}; plateau analyze and the editor show it`);
  lines.push('');
  if (processes.length > 1) {
    lines.push('Processes, the one that is judged first:');
    for (const { pid, command, cpu } of processes) lines.push(`  ${pid}  ${cpu === undefined ? '–' : formatTime(cpu)}  ${printable(command)}`);
    lines.push('');
  }
  for (const text of notes) lines.push(styled('dim', text));
  lines.push(`Next: ${nextText(diagnosis, report, kept.profile)}`, styled('dim', fileText(kept.report, [process.cwd()])), '');
  return lines.join('\n');
}

function treeLines({ turns, verdict }: Diagnosis): string[] {
  const lines: string[] = [];
  for (const { question, figures, answers, reason } of turns) {
    lines.push(styled('bold', question));
    for (const figure of figures) lines.push(`│ ${figureText(figure)}`);
    for (const { label, isTaken } of answers) lines.push(isTaken ? `├─▶ ${styled('bold', label)}: ${reason}` : styled('dim', `├── ${label}`));
  }
  return [...lines, `╰─▶ ${styled('bold', verdict.branch)}`];
}

function figureText({ label, value, limit, isOver }: Figure): string {
  const text = `${printable(label)}: ${printable(value)}${limit === undefined ? '' : ` (limit ${limit})`}`;
  return isOver ? styled('yellow', text) : text;
}

function placeText({ file, line, name }: NonNullable<DoctorReport['place']>): string {
  return `${fileText(file, [process.cwd()])}:${line}${name === '' ? '' : `  ${name}`}`;
}

function nextText({ verdict }: Diagnosis, { place }: Examined['report'], profile: string): string {
  const shown = fileText(profile, [process.cwd()]);
  switch (verdict.next) {
    case 'flame':
      return `plateau analyze ${shown}, or open it in VS Code for the flame graph`;
    case 'line':
      return place ? `look at ${fileText(place.file, [process.cwd()])}:${place.line}` : `plateau analyze ${shown}`;
    case 'leak':
      return 'plateau heap hunt with the same program: it tells what keeps the memory, and at which line';
    case 'longer':
      return 'record again for longer (--seconds N), and exercise the program meanwhile';
    case 'again':
      return 'look at its output, make it run, and start plateau doctor again';
  }
}
