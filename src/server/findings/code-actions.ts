import { type CodeAction, CodeActionKind, type CodeActionParams, type Diagnostic, type WorkspaceEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FindingRef } from '../../protocol/findings';
import { isFailure } from '../../protocol/lsp';
import type { FindingSource } from '../../service/findings/finding-source';
import type { SourceParser } from '../../service/support/source-parser';
import type { TrackedFinding } from '../../shared/finding-status';
import type { ReportedFinding, TextEdit } from '../../shared/reported-finding';
import { ignoreComment } from '../../source/parse/ignore-comment';
import type { SourceCache } from '../sources';
import { fixNow } from './finding-fix';
import { rangeNow } from './finding-places';
import type { FindingStore } from './findings';

/** The server's own commands, for editors that know none of the extension's: `[profile, id, status]`. */
export const SET_STATUS = 'plateau.setFindingStatus';

export interface ActionContext {
  readonly profile: FindingSource;
  readonly tracked: readonly TrackedFinding[];
  readonly document: TextDocument;
  readonly file: string;
  readonly store: FindingStore;
  readonly sources: SourceCache;
  readonly parser: Pick<SourceParser, 'isComment'>;
  /** Whether the client runs the extension's commands. */
  readonly isExtension: boolean;
  /** Whether edits may name the version of the document that they are for. */
  readonly hasVersions: boolean;
}

/** What can be done about the open findings on the lines asked for. */
export async function codeActions({ range, context: { only, diagnostics } }: CodeActionParams, context: ActionContext): Promise<CodeAction[]> {
  if (only && !only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix || kind.startsWith(`${CodeActionKind.QuickFix}.`))) return [];
  const here = context.tracked.flatMap(({ finding, status }) => {
    if (status !== 'open') return [];
    const shown = [finding.place, finding.also?.place].flatMap((place) =>
      place?.file === context.file ? (rangeNow(context.profile, place, context.sources) ?? []) : [],
    );
    const at = shown.find(({ start, end }) => start.line <= range.end.line && end.line >= range.start.line);
    return at ? [{ finding, line: at.start.line }] : [];
  });
  const about = (id: string): { readonly diagnostics?: Diagnostic[] } => {
    const found = diagnostics.filter(({ source, data }) => source === 'Plateau' && (data as { id?: unknown } | undefined)?.id === id);
    return found.length > 0 ? { diagnostics: found } : {};
  };
  const each = (make: (finding: ReportedFinding) => readonly CodeAction[]): CodeAction[] =>
    here.flatMap(({ finding }) => make(finding).map((action) => ({ ...action, ...about(finding.id) })));
  const ignoring = await Promise.all(
    here.map(async ({ finding, line }) => (await ignoreHere(finding, line, context)).map((action) => ({ ...action, ...about(finding.id) }))),
  );
  // Where several stand on a line, what does not name its rule has to.
  const suffix = ({ rule }: ReportedFinding): string => (here.length > 1 ? ` (${rule})` : '');
  return [
    ...each((finding) => fixActions(finding, context)),
    ...each((finding) => fixAgain(finding, context, suffix(finding))),
    ...each((finding) => explainAction(finding, context)),
    // One box and one run for all that is on the line.
    ...each((finding) => (finding === here[0]?.finding ? profileActions(finding, context) : [])),
    ...each((finding) => [statusAction(`Mark as Done${suffix(finding)}`, finding, 'done', context)]),
    ...ignoring.flat(),
    ...each((finding) => [statusAction(`Ignore This Finding in the Workspace${suffix(finding)}`, finding, 'ignored', context)]),
  ];
}

const commandAction = (title: string, command: string, ...args: unknown[]): CodeAction => ({
  title,
  kind: CodeActionKind.QuickFix,
  command: { title, command, arguments: args },
});
const refOf = ({ profile }: ActionContext, { id }: ReportedFinding): FindingRef => ({ file: profile.file, id });
const canRepeat = ({ profile, isExtension }: ActionContext): boolean => isExtension && profile.info !== undefined && profile.info.recipe.kind !== 'process';

function explainAction({ rule, page }: ReportedFinding, { isExtension }: ActionContext): CodeAction[] {
  return isExtension && page ? [commandAction(`Explain ${rule}`, 'plateau.explainFinding', page)] : [];
}

function profileActions(finding: ReportedFinding, context: ActionContext): CodeAction[] {
  if (finding.origin === 'heap')
    return context.isExtension
      ? [commandAction('Show the Hunt', 'plateau.findings.show', refOf(context, finding)), commandAction('Fix and Hunt Again', 'plateau.huntAgain')]
      : [];
  return [
    ...(context.isExtension && finding.functions.length > 0 ? [commandAction('Show in Flame Graph', 'plateau.findings.show', refOf(context, finding))] : []),
    ...(canRepeat(context) ? [commandAction('Profile Again', 'plateau.profileAgain', context.profile.file)] : []),
  ];
}

function statusAction(title: string, finding: ReportedFinding, status: 'done' | 'ignored', context: ActionContext): CodeAction {
  const ref = refOf(context, finding);
  if (!context.isExtension) return commandAction(title, SET_STATUS, ref.file, ref.id, status);
  return commandAction(title, status === 'done' ? 'plateau.findings.done' : 'plateau.findings.ignore', ref);
}

async function ignoreHere({ rule }: ReportedFinding, line: number, context: ActionContext): Promise<CodeAction[]> {
  const { version } = context.document;
  const comment = ignoreComment(context.document.getText(), context.file, line, rule);
  if (!comment) return [];
  const { script } = comment;
  // Where it takes too long to tell that it would be one, it is not offered.
  if (script && (await context.parser.isComment(script.text, script.name, script.at)) !== true) return [];
  if (context.document.version !== version) return [];
  const edit = editOf(context, [{ start: comment.offset, end: comment.offset, text: comment.text }]);
  return [{ title: `Ignore ${rule} Here (Comment)`, kind: CodeActionKind.QuickFix, edit }];
}

function fixAgain(finding: ReportedFinding, context: ActionContext, suffix: string): CodeAction[] {
  if (!canRepeat(context) || fixActions(finding, context).length === 0) return [];
  return [commandAction(`Fix and Profile Again${suffix}`, 'plateau.findings.fixAndProfileAgain', refOf(context, finding))];
}

function fixActions(finding: ReportedFinding, context: ActionContext): CodeAction[] {
  const { profile, store, sources, file, isExtension } = context;
  const { fix } = finding;
  if (!fix || fix.file !== file) return [];
  const now = fixNow(profile, fix, store, sources);
  if (isFailure(now)) return [];
  if (fix.safety === 'suggest' && isExtension) return [commandAction(`${fix.title}…`, 'plateau.findings.fix', refOf(context, finding))];
  return [{ title: fix.title, kind: CodeActionKind.QuickFix, edit: editOf(context, now.edits), ...(fix.safety === 'auto' ? { isPreferred: true } : {}) }];
}

function editOf({ document, hasVersions }: ActionContext, edits: readonly TextEdit[]): WorkspaceEdit {
  const changes = edits.map(({ start, end, text }) => ({ range: { start: document.positionAt(start), end: document.positionAt(end) }, newText: text }));
  if (!hasVersions) return { changes: { [document.uri]: changes } };
  return { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: changes }] };
}
