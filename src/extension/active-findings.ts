import * as vscode from 'vscode';
import type { FindingDto } from '../protocol/findings';
import { isFailure } from '../protocol/lsp';
import type { ActiveProfile } from './active-profile';
import type { Server } from './server-client';

/** The active profile's findings, as the server has them now. */
export interface ActiveFindings extends vscode.Disposable {
  /** The profile; undefined where none is active. */
  readonly file: string | undefined;
  readonly all: readonly FindingDto[];
  readonly onDidChange: vscode.Event<void>;
}

export function activeFindings(server: Server, active: ActiveProfile): ActiveFindings {
  const changed = new vscode.EventEmitter<void>();
  let file: string | undefined;
  let all: readonly FindingDto[] = [];
  let turn = 0;
  const read = async (): Promise<void> => {
    const now = ++turn;
    const wanted = active.current?.file;
    const answer = wanted === undefined ? [] : await server.request('plateau/findings', { file: wanted });
    if (now !== turn) return;
    file = wanted;
    // A profile that cannot be read any more has been told where it was opened.
    all = isFailure(answer) ? [] : answer;
    changed.fire();
  };
  const again = (): void => void read().catch(() => {}); // the server is going away
  const subscriptions = vscode.Disposable.from(
    changed,
    active.onDidChange(again),
    server.on('plateau/findingsChanged', (event) => {
      if (event.file === active.current?.file) again();
    }),
  );
  return {
    get file() {
      return file;
    },
    get all() {
      return all;
    },
    onDidChange: changed.event,
    dispose: () => subscriptions.dispose(),
  };
}
