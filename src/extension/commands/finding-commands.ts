import * as vscode from 'vscode';
import { type FindingRef, isHunt } from '../../protocol/findings';
import { isFailure } from '../../protocol/lsp';
import { plainWords } from '../../shared/code-text';
import type { FindingStatus } from '../../shared/finding-status';
import type { ActiveFindings } from '../active-findings';
import type { ProfileEditors } from '../editors/profile-editor';
import type { Server } from '../server-client';
import { showPlace } from '../show-place';
import { pickOne, registerCommand, showFailure, showInfo } from '../ui';
import type { FindingFixes } from './finding-fix';

/** What can be done with findings, from lightbulbs, the list, the flame graph and the palette. */
export interface FindingCommands extends vscode.Disposable {
  setStatus(refs: readonly FindingRef[], status: FindingStatus): Promise<boolean>;
  goTo(ref: FindingRef): Promise<void>;
}

export function findingCommands(
  context: vscode.ExtensionContext,
  server: Server,
  findings: ActiveFindings,
  editors: ProfileEditors,
  fixes: FindingFixes,
): FindingCommands {
  const setStatus = async (refs: readonly FindingRef[], status: FindingStatus): Promise<boolean> => {
    for (const file of new Set(refs.map((ref) => ref.file))) {
      const ids = refs.filter((ref) => ref.file === file).map(({ id }) => id);
      const answer = await server.request('plateau/setFindingStatus', { file, ids, status });
      if (!isFailure(answer)) continue;
      void showFailure(answer.failed);
      return false;
    }
    return true;
  };
  const goTo = async (ref: FindingRef): Promise<void> => {
    const place = await server.request('plateau/findingPlace', ref);
    if (!place) return void showInfo('This finding is about the profile as a whole, not about a line.');
    await showPlace(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  };
  const show = async ({ file, id }: FindingRef): Promise<void> => {
    if (isHunt(file)) return void (await vscode.commands.executeCommand('plateau.showHunt'));
    await editors.reveal(file, undefined);
    editors.showFinding(file, id);
  };
  /** Marks, and offers to take it back. */
  const mark = async (refs: readonly FindingRef[], status: 'done' | 'ignored'): Promise<void> => {
    if (refs.length === 0 || !(await setStatus(refs, status))) return;
    const what = refs.length === 1 ? 'Finding' : `${refs.length} findings`;
    const choice = await showInfo(`${what} ${status === 'done' ? 'marked as done' : 'ignored in this workspace'}.`, 'Undo');
    if (choice === 'Undo') await setStatus(refs, 'open');
  };
  /** The finding that a command was called with, or all that are selected; from the palette, the one that is picked. */
  const refsOf = async (given: unknown, all: unknown, title: string, fits: FindingStatus | undefined): Promise<readonly FindingRef[]> => {
    const refs = (Array.isArray(all) && all.length > 0 ? all : [given]).flatMap((one) => (isRef(one) ? [{ file: one.file, id: one.id }] : []));
    if (refs.length > 0) return refs;
    const picked = await pick(findings, title, fits);
    return picked ? [picked] : [];
  };
  const command = (name: string, title: string, fits: FindingStatus | undefined, run: (refs: readonly FindingRef[]) => unknown): vscode.Disposable =>
    registerCommand(name, async (given?: unknown, all?: unknown) => {
      const refs = await refsOf(given, all, title, fits);
      if (refs.length > 0) await run(refs);
    });
  const first =
    (run: (ref: FindingRef) => unknown) =>
    ([ref]: readonly FindingRef[]): unknown =>
      ref && run(ref);

  const subscriptions = vscode.Disposable.from(
    registerCommand('plateau.explainFinding', async (given?: unknown) => {
      const [ref] = typeof given === 'string' ? [] : await refsOf(given, undefined, 'Explain a Finding', undefined);
      const page = typeof given === 'string' ? given : ref && (await pageOf(server, ref));
      if (page) await explain(context, page);
      else if (ref) void showInfo('There is no page about this finding.');
    }),
    command('plateau.findings.show', 'Show a Finding in the Flame Graph', undefined, first(show)),
    command('plateau.findings.goTo', 'Go to the Line of a Finding', undefined, first(goTo)),
    command('plateau.findings.done', 'Mark a Finding as Done', 'open', (refs) => mark(refs, 'done')),
    command('plateau.findings.ignore', 'Ignore a Finding in the Workspace', 'open', (refs) => mark(refs, 'ignored')),
    command('plateau.findings.reopen', 'Reopen a Finding', undefined, (refs) => setStatus(refs, 'open')),
    command('plateau.findings.fix', 'Fix a Finding', 'open', first(fixes.fix)),
    command('plateau.findings.fixAndProfileAgain', 'Fix a Finding and Profile Again', 'open', first(fixes.fixAndProfileAgain)),
  );
  return { setStatus, goTo, dispose: () => subscriptions.dispose() };
}

async function pageOf(server: Server, { file, id }: FindingRef): Promise<string | undefined> {
  const found = await server.request('plateau/findings', { file });
  return isFailure(found) ? undefined : found.find((one) => one.id === id)?.page;
}

const isRef = (value: unknown): value is FindingRef => {
  const { file, id } = (typeof value === 'object' && value !== null ? value : {}) as { file?: unknown; id?: unknown };
  return typeof file === 'string' && typeof id === 'string';
};

async function pick({ all, file: profile }: ActiveFindings, title: string, fits: FindingStatus | undefined): Promise<FindingRef | undefined> {
  const listed = all.filter(({ status }) => fits === undefined || status === fits);
  if (listed.length === 0) {
    void showInfo(profile === undefined && all.length === 0 ? 'No profile is active.' : 'There is no such finding in the active profile.');
    return undefined;
  }
  const items = listed.map(({ title: label, where, summary, id, file }) => ({
    label,
    description: where ?? '',
    detail: plainWords(summary),
    file,
    id,
  }));
  const picked = await pickOne(items, { title, matchOnDescription: true, matchOnDetail: true });
  return picked && { file: picked.file, id: picked.id };
}

/** A rule's page, as it comes with the extension. */
async function explain(context: vscode.ExtensionContext, page: string): Promise<void> {
  // The name may come from a link: only pages of the documentation.
  if (!/^docs\/[\w-]+\/[\w-]+\.md$/.test(page)) return;
  const uri = vscode.Uri.joinPath(context.extensionUri, ...page.split('/'));
  const isThere = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!isThere) return void showInfo(`There is no page ${page} in this version of Plateau.`);
  await vscode.commands.executeCommand('markdown.showPreviewToSide', uri).then(undefined, () => vscode.commands.executeCommand('vscode.open', uri));
}
