import fs from 'node:fs';
import path from 'node:path';
import { defaultThresholds, type Thresholds } from '../core/findings/thresholds';
import { describeExportIssue } from '../service/export/describe-export-issue';
import { type FindingReport, findingReport } from '../service/export/report';
import { sarifLog } from '../service/export/sarif';
import { trackFindings } from '../service/findings/all-findings';
import { baselineFindings } from '../service/findings/baseline-findings';
import { describePatternWarning } from '../service/patterns/describe-pattern-warning';
import { loadOwnRules, rulesFolder } from '../service/patterns/own-rules';
import { findPatterns } from '../service/patterns/pattern-findings';
import { patternScanner } from '../service/patterns/pattern-scanner';
import { describeWarning } from '../service/profile/describe-warning';
import { type OpenedProfile, openProfile } from '../service/profile/opened-profile';
import { readProfileFile } from '../service/profile/read-profile';
import { readInfo } from '../service/recordings/recordings';
import { sourceText } from '../service/support/source-text';
import { version } from '../service/support/version';
import type { TrackedFinding } from '../shared/finding-status';
import { formatShare, plural, printableJson } from '../shared/format';
import { fileLocator } from '../source/maps/locate';
import { displayPlace } from './places';
import { mistakeLine } from './rules';
import { note, styled, write } from './terminal';

/** Everything that there is to find, with what the working folder's `.plateau/findings.json` says of it. */
export async function findAll(profile: OpenedProfile, thresholds = defaultThresholds): Promise<readonly TrackedFinding[]> {
  const readText = sourceText([process.cwd()]);
  const scanner = patternScanner(__dirname);
  const own = await loadOwnRules(rulesFolder(process.cwd()), scanner);
  for (const mistake of own?.mistakes ?? []) note(`plateau: warning: ${mistakeLine(mistake)}`);
  const rules = own?.rules.map(({ rule }) => rule);
  const patterns = await findPatterns(profile, { partsFolder: __dirname, scanner, readText, rules, minSamples: thresholds.minSamples });
  scanner.dispose();
  for (const warning of patterns.warnings) note(`plateau: warning: ${describePatternWarning(warning)}`);
  const wider = await baselineFindings(profile, thresholds, async (file) => openQuietly(file, thresholds));
  const all = [...profile.findings, ...patterns.explained, ...patterns.findings, ...patterns.silenced, ...wider];
  const { tracked, problem } = await trackFindings(profile, all, process.cwd());
  if (problem !== undefined) note(`plateau: warning: ${problem}`);
  return tracked;
}

const colours = { error: 'red', warning: 'yellow', info: 'green' } as const;

/** The findings in words; with `isWhole` those too that are done or ignored. `none` is said where there is nothing at all. */
export function findingLines(findings: readonly FindingReport[], isWhole: boolean, none = 'No findings.'): string[] {
  const shown = findings.filter(({ status }) => isWhole || status === 'open');
  const hidden = findings.length - shown.length;
  const lines = shown.flatMap(({ level, title, message, advice, place, fix, status, note: why }) => {
    const head = styled(status === 'open' ? colours[level as keyof typeof colours] : 'dim', `${level}: ${title}`);
    const where = place ? `  ${styled('dim', displayPlace(place.file, place.line))}` : '';
    const how = fix ? [`  fix: ${fix.title}${fix.safety === 'auto' ? '' : ' (look at it first)'}; the editor applies it`] : [];
    return [`${head}${status === 'open' ? '' : ` (${status})`}${where}`, `  ${message}`, `  ${advice}`, ...how, ...(why ? [`  ${why}`] : [])];
  });
  if (findings.length === 0) lines.push(none);
  else if (shown.length === 0) lines.push('No open findings.');
  if (hidden > 0) lines.push(styled('dim', `${plural(hidden, 'finding')} done or ignored; --all-findings shows ${hidden === 1 ? 'it' : 'them'}.`));
  return lines;
}

/** How many headlines stand under a recording. */
const HEADLINES = 3;

/** The loudest open findings, a line each. */
export function headlines(findings: readonly FindingReport[]): string[] {
  const open = findings.filter(({ status }) => status === 'open');
  const rest = open.length - HEADLINES;
  return [
    ...open.slice(0, HEADLINES).map(({ level, title, sharePct, place }) => {
      const where = place ? `, ${displayPlace(place.file, place.line)}` : '';
      return `  ${level}: ${title}, ${formatShare(sharePct / 100)}${where}`;
    }),
    ...(rest > 0 ? [`  ${plural(rest, 'more finding')}: plateau analyze says all of it`] : []),
  ];
}

/** What there is to find in a profile that has just been written; nothing where it cannot be read. */
export async function findingsOf(file: string): Promise<FindingReport[]> {
  const profile = await openQuietly(file, defaultThresholds);
  return profile ? (await findAll(profile)).map((one) => findingReport(one, profile.tables.unit)) : [];
}

async function openQuietly(file: string, thresholds: Thresholds): Promise<OpenedProfile | undefined> {
  const built = await readProfileFile(file);
  return built.ok
    ? openProfile(file, built.value, { thresholds, locator: fileLocator([process.cwd()]), info: await readInfo(path.resolve(file)), content: built.value })
    : undefined;
}

/** Writes a SARIF log, to standard output for `-`; false where it could not be written, which has been told. */
export async function writeSarif(profile: OpenedProfile, tracked: readonly TrackedFinding[], out: string, force: boolean): Promise<boolean> {
  const log = sarifLog(tracked, {
    version,
    root: process.cwd(),
    unit: profile.tables.unit,
    warnings: profile.warnings.map(describeWarning),
    page: readPage,
  });
  const text = `${printableJson(log, 1)}\n`;
  if (out === '-') {
    await write(text);
    return true;
  }
  try {
    fs.writeFileSync(out, text, { flag: force ? 'w' : 'wx' });
    note(`Written to ${out}`);
    return true;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') note(`plateau: ${out} exists already; give another file to --sarif, or --force to overwrite it.`);
    else note(`plateau: ${describeExportIssue({ kind: 'not-writable', out, code, detail: message })}`);
    return false;
  }
}

/** A page of the documentation, which comes with Plateau beside the bundles. */
function readPage(page: string): string | undefined {
  try {
    return fs.readFileSync(path.join(__dirname, '..', page), 'utf8');
  } catch {
    return undefined; // the advice has to do
  }
}
