import * as vscode from 'vscode';
import { type ActiveProfileDto, isFailure } from '../protocol/lsp';
import { formatCost, shorten } from '../shared/format';
import type { Server } from './server-client';
import { showWarning, statusItem } from './ui';

/** The profile whose costs stand beside the code: shown in the status bar, remembered for the workspace. */
export interface ActiveProfile extends vscode.Disposable {
  readonly current: ActiveProfileDto | undefined;
  set(file: string | undefined): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  /** Annotations can be hidden, and stay hidden until they are shown again. */
  readonly isHidden: boolean;
  setHidden(hidden: boolean): Promise<void>;
}

const KEY = 'activeProfile';
/** The status bar is everybody's. */
const MOST_LABEL = 32;
const HIDDEN_KEY = 'annotationsHidden';

export function activeProfile(context: vscode.ExtensionContext, server: Server): ActiveProfile {
  const changed = new vscode.EventEmitter<void>();
  const item = statusItem('plateau.active', 'Plateau: Active Profile', 'plateau.activeProfileMenu', vscode.StatusBarAlignment.Right, 200);
  let current: ActiveProfileDto | undefined;
  let isHidden = context.workspaceState.get<boolean>(HIDDEN_KEY, false);

  const show = (): void => {
    void vscode.commands.executeCommand('setContext', 'plateau.hasActiveProfile', current !== undefined);
    void vscode.commands.executeCommand('setContext', 'plateau.annotationsHidden', isHidden);
    if (!current) return item.hide();
    const time = current.recordedAt ? ` · ${new Date(current.recordedAt).toTimeString().slice(0, 5)}` : '';
    const cost = `${formatCost(current.active, current.unit)}${current.unit === 'microseconds' ? ' active' : ''}`;
    item.show('flame', `${shorten(current.title, MOST_LABEL)}${isHidden ? ' (hidden)' : ''}`, [
      `${current.title}${time} · ${cost}`,
      `Plateau shows the cost of each line from ${current.file}`,
      'Select to show its flame graph, hide the costs, or choose another profile.',
    ]);
  };

  return {
    get current() {
      return current;
    },
    get isHidden() {
      return isHidden;
    },
    onDidChange: changed.event,
    async set(file) {
      const answer = await server.request('plateau/setActive', { file });
      current = isFailure(answer) ? undefined : answer;
      await context.workspaceState.update(KEY, current?.file);
      show();
      changed.fire();
      if (isFailure(answer)) void showWarning(answer.failed);
    },
    async setHidden(hidden) {
      isHidden = hidden;
      await context.workspaceState.update(HIDDEN_KEY, hidden);
      show();
      changed.fire();
    },
    dispose() {
      item.dispose();
      changed.dispose();
    },
  };
}

/** Takes up the profile of the last time, if it is still there. */
export async function restoreActiveProfile(context: vscode.ExtensionContext, active: ActiveProfile): Promise<void> {
  const file = context.workspaceState.get<string>(KEY);
  if (!file) return;
  const exists = await vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
    () => true,
    () => false,
  );
  if (exists) await active.set(file);
  else await context.workspaceState.update(KEY, undefined);
}
