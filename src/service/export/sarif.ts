/**
 * Findings as SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code
 * scanning in CI and for editors: one run, one rule for each rule that found something, places
 * relative to `SRCROOT`, columns in UTF-16 code units. The fingerprint is the finding's id,
 * which is the same in the next recording of the same code. What was ignored is in it as suppressed.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Unit } from '../../shared/brands';
import { plainWords } from '../../shared/code-text';
import type { TrackedFinding } from '../../shared/finding-status';
import { formatShare, printable } from '../../shared/format';
import type { FindingLevel, ReportedFinding, SourceRange } from '../../shared/reported-finding';
import { sharer } from './share-text';

export interface SarifContext {
  readonly version: string;
  /** Absolute; places inside of it are relative. */
  readonly root: string;
  readonly unit: Unit;
  readonly warnings: readonly string[];
  /** A rule's page in Markdown, where it can be read. */
  page(page: string): string | undefined;
}

const levels: Readonly<Record<FindingLevel, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };
const BASE = 'SRCROOT';
/** Files below the user's home folder, whose place is not told. */
const HOME = 'HOMEROOT';
const shareText = sharer([]);
const isOfHome = (folder: string): boolean => shareText(folder) !== folder;

/** The whole log, ready for `JSON.stringify`. Findings marked done are left out. */
export function sarifLog(tracked: readonly TrackedFinding[], context: SarifContext): object {
  const listed = tracked.filter(({ status }) => status !== 'done');
  const rules = new Map<string, { index: number; rule: object }>();
  for (const { finding } of listed) {
    if (!rules.has(finding.rule)) rules.set(finding.rule, { index: rules.size, rule: ruleOf(finding, context) });
  }
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Plateau', version: context.version, rules: [...rules.values()].map(({ rule }) => rule) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [BASE]: isOfHome(context.root) ? {} : { uri: folderUri(context.root) } },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: context.warnings.map((text) => ({ level: 'warning', message: { text: plain(text) } })),
          },
        ],
        results: listed.map((one) => resultOf(one, rules.get(one.finding.rule)?.index ?? 0, context)),
      },
    ],
  };
}

function ruleOf({ rule, level, title, advice, page, origin }: ReportedFinding, context: SarifContext): object {
  const help = page === undefined ? undefined : context.page(page);
  const heading = help === undefined ? undefined : /^#\s+(.+)$/m.exec(help)?.[1]?.trim();
  return {
    id: rule,
    shortDescription: { text: heading ?? (origin === 'pattern' ? plain(title) : rule) },
    help: help === undefined ? { text: plain(plainWords(advice)) } : { text: help, markdown: help },
    defaultConfiguration: { level: levels[level] },
    properties: { tags: ['performance', origin] },
  };
}

function resultOf({ finding, status, note }: TrackedFinding, ruleIndex: number, context: SarifContext): object {
  const { id, rule, level, title, summary, advice, share, margin, cost, samples, place, related, fix } = finding;
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[level],
    message: { text: `${plain(title)}: ${plain(plainWords(summary))} ${plain(plainWords(advice))}` },
    ...(place ? { locations: [{ physicalLocation: physicalLocation(place, context.root) }] } : {}),
    ...(related.length > 0
      ? {
          relatedLocations: related.map(({ message, place: at }, i) => ({
            id: i + 1,
            physicalLocation: physicalLocation(at, context.root),
            message: { text: plain(message) },
          })),
        }
      : {}),
    fingerprints: { 'plateau/v1': shareText(id) },
    rank: Math.max(0, Math.min(100, share * 100)),
    ...(fix ? { fixes: [fixOf(fix, context.root)] } : {}),
    ...(status === 'ignored'
      ? { suppressions: [{ kind: note?.includes('comment') ? 'inSource' : 'external', ...(note ? { justification: note } : {}) }] }
      : {}),
    properties: {
      share: `${formatShare(share)} ± ${formatShare(margin)}`,
      sharePct: share * 100,
      marginPct: margin * 100,
      cost,
      unit: context.unit,
      samples,
    },
  };
}

function fixOf({ title, file, edits }: NonNullable<ReportedFinding['fix']>, root: string): object {
  return {
    description: { text: plain(title) },
    artifactChanges: [
      {
        artifactLocation: artifactLocation(file, root),
        replacements: edits.map(({ start, end, text }) => ({ deletedRegion: { charOffset: start, charLength: end - start }, insertedContent: { text } })),
      },
    ],
  };
}

function physicalLocation({ file, line, column, endLine, endColumn }: SourceRange, root: string): object {
  const isRange = endLine > line || (endLine === line && endColumn >= column);
  return {
    artifactLocation: artifactLocation(file, root),
    region: { startLine: Math.max(1, line), startColumn: Math.max(1, column), ...(isRange ? { endLine, endColumn } : {}) },
  };
}

/** Relative to the root where the file is inside of it, else as a `file:` URI. */
function artifactLocation(file: string, root: string): object {
  const relative = path.relative(root, file);
  const isInside = relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
  const shared = shareText(file);
  if (!isInside && shared.startsWith('~')) return { uri: wellFormed(shared.slice(2)).split(/[\\/]/).map(encodeURIComponent).join('/'), uriBaseId: HOME };
  if (!isInside) return { uri: path.isAbsolute(file) ? pathToFileURL(file).href : encodeURI(wellFormed(file)) };
  return { uri: wellFormed(relative).split(path.sep).map(encodeURIComponent).join('/'), uriBaseId: BASE };
}

/** SARIF makes a link of `[text](target)`, which no name in a profile may ask for. */
const plain = (text: string): string => shareText(printable(text)).replace(/\](?=\()/g, ']\u200b');

/** Half of a surrogate pair, as a hostile name may hold, has no encoding. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

const folderUri = (folder: string): string => {
  const { href } = pathToFileURL(folder);
  return href.endsWith('/') ? href : `${href}/`;
};
