import type * as vscode from 'vscode';

/** Which of a file's profiles was chosen last, such as a thread; remembered for the workspace. */
export interface ChosenProfile {
  get(): number | 'merge' | undefined;
  set(select: number | 'merge'): Thenable<void>;
}

const KEY = 'chosenProfiles';
/** Files that are remembered; the ones that were chosen first are forgotten. */
const MOST = 200;

type Chosen = readonly (readonly [uri: string, select: number | 'merge'])[];

export function chosenProfiles({ workspaceState }: vscode.ExtensionContext, uri: vscode.Uri): ChosenProfile {
  const key = uri.toString();
  const all = (): Chosen => workspaceState.get<Chosen>(KEY, []);
  return {
    get: () => all().find(([of]) => of === key)?.[1],
    set: (select) => workspaceState.update(KEY, [...all().filter(([of]) => of !== key), [key, select] as const].slice(-MOST)),
  };
}
