import { type CodeAction, CodeActionKind, type CodeActionParams, type Command, type WorkspaceEdit } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FindingRef } from '../protocol/findings';
import { isFailure } from '../protocol/lsp';
import type { OpenedProfile } from '../service/opened-profile';
import type { TrackedFinding } from '../shared/finding-status';
import type { ReportedFinding, TextEdit } from '../shared/reported-finding';
import { ignoreComment } from '../source/ignore-comment';
import { fixNow } from './finding-fix';
import { rangeNow } from './finding-places';
import type { FindingStore } from './findings';
import type { SourceCache } from './sources';

/** The server's own commands, for editors that know none of the extension's: `[profile, id, status]`. */
export const SET_STATUS = 'plateau.setFindingStatus';

export interface ActionContext {
  readonly profile: OpenedProfile;
  readonly tracked: readonly TrackedFinding[];
  readonly document: TextDocument;
  readonly file: string;
  readonly store: FindingStore;
  readonly sources: SourceCache;
  /** Whether the client runs the extension's commands. */
  readonly isExtension: boolean;
  /** Whether edits may name the version of the document that they are for. */
  readonly hasVersions: boolean;
}

/** What can be done about the open findings on the lines asked for. */
export function codeActions({ range, context: { only, diagnostics } }: CodeActionParams, context: ActionContext): CodeAction[] {
  if (only && !only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix || kind.startsWith(`${CodeActionKind.QuickFix}.`))) return [];
  const here = context.tracked.flatMap(({ finding, status }) => {
    if (status !== 'open' || finding.place?.file !== context.file) return [];
    const at = rangeNow(context.profile, finding.place, context.sources);
    return at && at.start.line <= range.end.line && at.end.line >= range.start.line ? [{ finding, line: at.start.line }] : [];
  });
  return here.flatMap(({ finding, line }) => {
    const about = diagnostics.filter(({ source, data }) => source === 'Plateau' && (data as { id?: unknown } | undefined)?.id === finding.id);
    // Where several stand on a line, each action has to say which it is for.
    const suffix = here.length > 1 ? ` (${finding.title})` : '';
    return actionsFor(finding, line, context).map((action) => ({
      ...action,
      title: `${action.title}${suffix}`,
      ...(about.length > 0 ? { diagnostics: about } : {}),
    }));
  });
}

function actionsFor(finding: ReportedFinding, line: number, context: ActionContext): CodeAction[] {
  const { profile, document, file, isExtension } = context;
  const ref: FindingRef = { file: profile.file, id: finding.id };
  const kind = CodeActionKind.QuickFix;
  const command = (title: string, name: string, ...args: unknown[]): CodeAction => ({
    title,
    kind,
    command: { title, command: name, arguments: args } satisfies Command,
  });
  const actions = fixActions(finding, context, ref);
  const comment = ignoreComment(document.getText(), file, line, finding.rule);
  const ignoreHere: CodeAction[] = comment
    ? [{ title: `Ignore ${finding.rule} Here (Comment)`, kind, edit: editOf(context, [{ start: comment.offset, end: comment.offset, text: comment.text }]) }]
    : [];
  if (!isExtension) {
    const status = (title: string, to: string): CodeAction => command(title, SET_STATUS, ref.file, ref.id, to);
    return [...actions, status('Mark as Done', 'done'), ...ignoreHere, status('Ignore This Finding in the Workspace', 'ignored')];
  }
  return [
    ...actions,
    ...(finding.page ? [command(`Explain ${finding.rule}`, 'plateau.explainFinding', finding.page)] : []),
    ...(finding.functions.length > 0 ? [command('Show in Flame Graph', 'plateau.findings.show', ref)] : []),
    ...(profile.info && profile.info.recipe.kind !== 'process' ? [command('Profile Again', 'plateau.profileAgain', profile.file)] : []),
    command('Mark as Done', 'plateau.findings.done', ref),
    ...ignoreHere,
    command('Ignore This Finding in the Workspace', 'plateau.findings.ignore', ref),
  ];
}

function fixActions(finding: ReportedFinding, context: ActionContext, ref: FindingRef): CodeAction[] {
  const { profile, store, sources, file, isExtension } = context;
  const { fix } = finding;
  if (!fix || fix.file !== file) return [];
  const now = fixNow(profile, fix, store, sources);
  if (isFailure(now)) return [];
  const kind = CodeActionKind.QuickFix;
  const command = (title: string, name: string): CodeAction => ({ title, kind, command: { title, command: name, arguments: [ref] } });
  const again =
    isExtension && profile.info && profile.info.recipe.kind !== 'process' ? [command('Fix and Profile Again', 'plateau.findings.fixAndProfileAgain')] : [];
  if (fix.safety === 'suggest' && isExtension) return [command(`${fix.title}…`, 'plateau.findings.fix'), ...again];
  return [{ title: fix.title, kind, edit: editOf(context, now.edits), ...(fix.safety === 'auto' ? { isPreferred: true } : {}) }, ...again];
}

function editOf({ document, hasVersions }: ActionContext, edits: readonly TextEdit[]): WorkspaceEdit {
  const changes = edits.map(({ start, end, text }) => ({ range: { start: document.positionAt(start), end: document.positionAt(end) }, newText: text }));
  if (!hasVersions) return { changes: { [document.uri]: changes } };
  return { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: changes }] };
}
