import * as vscode from 'vscode';
import { type FindingDto, type FindingRef, isHunt } from '../protocol/findings';
import { isFailure } from '../protocol/lsp';
import type { ActiveProfile } from './active-profile';
import type { Server } from './server-client';

/** A finding, and what it is of: a profile or a leak hunt. */
export interface ListedFinding extends FindingDto, FindingRef {}

/** The findings of the active profile and of the last leak hunt, as the server has them now. */
export interface ActiveFindings extends vscode.Disposable {
  /** The profile; undefined where none is active. */
  readonly file: string | undefined;
  /** Those of the hunt come last. */
  readonly all: readonly ListedFinding[];
  readonly onDidChange: vscode.Event<void>;
}

export function activeFindings(server: Server, active: ActiveProfile): ActiveFindings {
  const changed = new vscode.EventEmitter<void>();
  let file: string | undefined;
  let hunt: string | undefined;
  let all: readonly ListedFinding[] = [];
  let turn = 0;
  const read = async (): Promise<void> => {
    const now = ++turn;
    const wanted = active.current?.file;
    const found = await Promise.all([wanted, hunt].map(of));
    if (now !== turn) return;
    file = wanted;
    all = found.flat();
    changed.fire();
  };
  const of = async (one: string | undefined): Promise<ListedFinding[]> => {
    const answer = one === undefined ? [] : await server.request('plateau/findings', { file: one });
    // A profile that cannot be read any more has been told where it was opened.
    return one === undefined || isFailure(answer) ? [] : answer.map((finding) => ({ ...finding, file: one }));
  };
  const again = (): void => void read().catch(() => {}); // the server is going away
  const subscriptions = vscode.Disposable.from(
    changed,
    active.onDidChange(again),
    server.on('plateau/findingsChanged', (event) => {
      if (isHunt(event.file)) hunt = event.file;
      if (event.file === active.current?.file || event.file === hunt) again();
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
