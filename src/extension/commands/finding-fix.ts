import * as path from 'node:path';
import * as vscode from 'vscode';
import type { FindingRef, FixDto } from '../../protocol/findings';
import { isFailure } from '../../protocol/lsp';
import type { Server } from '../server-client';
import { showPlace } from '../show-place';
import { registerCommand, showDiff, showFailure, showInfo, showStatus, showWarning } from '../ui';

/** Applies fixes: at once where they keep the meaning in every case, after a look at the difference where not. */
export interface FindingFixes extends vscode.Disposable {
  fix(ref: FindingRef): Promise<boolean>;
  /** Applies, saves, runs the recording's recipe again, and tells what has changed. */
  fixAndProfileAgain(ref: FindingRef): Promise<void>;
}

/** The text as a fix would make it, for the right side of a diff. */
const scheme = 'plateau-fix';

interface Review {
  readonly proposed: vscode.Uri;
  decide(apply: boolean): void;
}

export function findingFixes(server: Server): FindingFixes {
  const texts = new Map<string, string>();
  let review: Review | undefined;

  const ask = async (ref: FindingRef): Promise<FixDto | undefined> => {
    const finding = await server.request('plateau/findingFix', ref);
    if (isFailure(finding)) return void showFailure(finding.failed);
    // The server sees an open document as it is, saved or not: asked again, it answers for that.
    await vscode.workspace.openTextDocument(vscode.Uri.file(finding.file));
    const again = await server.request('plateau/findingFix', ref);
    return isFailure(again) ? void showFailure(again.failed) : again;
  };
  const apply = async (fix: FixDto): Promise<boolean> => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(fix.file));
    if (document.getText() !== fix.before) {
      void showFailure(`${path.basename(fix.file)} has been changed since, so the fix was not applied. Ask for it again.`);
      return false;
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of fix.edits) edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
    const done = await vscode.workspace.applyEdit(edit);
    if (!done) void showFailure(`The fix could not be applied to ${path.basename(fix.file)}. It may be read-only.`);
    return done;
  };
  /** Shows the difference and waits for the decision: in the message, or at the top of the diff. */
  const look = async (fix: FixDto): Promise<boolean> => {
    review?.decide(false);
    const current = vscode.Uri.file(fix.file);
    const proposed = current.with({ scheme, query: String(Date.now()) });
    texts.set(proposed.toString(), fix.after);
    const decided = new Promise<boolean>((resolve) => {
      review = { proposed, decide: resolve };
    });
    await showDiff(current, proposed, `${path.basename(fix.file)}: ${fix.title}`);
    await vscode.commands.executeCommand('setContext', 'plateau.isReviewingFix', true);
    const asked = showInfo(`${fix.title}? It may change what the code does: look at the difference first.`, 'Apply', 'Discard');
    void asked.then((choice) => choice && review?.proposed === proposed && review.decide(choice === 'Apply'));
    const closed = vscode.window.tabGroups.onDidChangeTabs(({ closed: gone }) => {
      if (gone.some(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === proposed.toString())) review?.decide(false);
    });
    const choice = await decided;
    closed.dispose();
    if (review?.proposed === proposed) {
      review = undefined;
      await vscode.commands.executeCommand('setContext', 'plateau.isReviewingFix', false);
    }
    await closeDiff(proposed);
    texts.delete(proposed.toString());
    return choice;
  };
  const fix: FindingFixes['fix'] = async (ref) => {
    const found = await ask(ref);
    if (!found || (found.safety === 'suggest' && !(await look(found))) || !(await apply(found))) return false;
    await showFixed(found);
    void showStatus('check', `Plateau: ${found.title}`, 5000);
    return true;
  };

  const subscriptions = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, { provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '' }),
    registerCommand('plateau.findings.applyFix', () => review?.decide(true)),
    registerCommand('plateau.findings.discardFix', () => review?.decide(false)),
  );
  return {
    fix,
    async fixAndProfileAgain(ref) {
      const fixed = await ask(ref);
      if (!fixed || !(await fix(ref))) return;
      // It saves what is open before it runs.
      const after = await vscode.commands.executeCommand<string | undefined>('plateau.profileAgain', ref.file);
      if (!after) return;
      await showFixed(fixed);
      const change = await server.request('plateau/findingChange', { id: ref.id, before: ref.file, after });
      if (isFailure(change)) return void showWarning(change.failed);
      const choice = await showInfo(change.message, ...(change.isGone ? ['Mark as Done'] : []), 'Show the Recording Before');
      if (choice === 'Mark as Done') await server.request('plateau/setFindingStatus', { file: ref.file, ids: [ref.id], status: 'done' });
      if (choice === 'Show the Recording Before') await vscode.commands.executeCommand('plateau.openProfile', ref.file);
    },
    dispose() {
      review?.decide(false);
      subscriptions.dispose();
    },
  };
}

/** The fixed file stays in front, in the group of the code: never over a graph. */
function showFixed({ file, before, edits }: FixDto): Promise<void> {
  const start = Math.min(...edits.map((edit) => edit.start));
  return showPlace({ file, line: before.slice(0, start).split('\n').length });
}

async function closeDiff(proposed: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === proposed.toString());
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}
