import type * as vscode from 'vscode';
import { readUnfolded, type Unfolded } from '../../protocol/view-state';

/** One value of a file, remembered for the workspace. */
export interface Remembered<T> {
  get(): T | undefined;
  set(value: T): Thenable<void>;
}

/** Files that are remembered; the ones that were remembered first are forgotten. */
const MOST = 200;
const MOST_UNFOLDED = 50;

/** Which of a file's profiles was chosen last, such as a thread. */
export const chosenProfiles = (context: vscode.ExtensionContext, uri: vscode.Uri): Remembered<number | 'merge'> =>
  remembered(context, 'chosenProfiles', uri.toString(), MOST);

/** Which folded runs of a profile are shown; `select` says which of the file's profiles, where it has several. */
export function unfoldedRuns(context: vscode.ExtensionContext, uri: vscode.Uri, select: number | 'merge' | undefined): Remembered<Unfolded> {
  const { get, set } = remembered<unknown>(context, 'unfoldedRuns', select === undefined ? uri.toString() : `${uri.toString()}#${select}`, MOST_UNFOLDED);
  return { get: () => readUnfolded(get()), set };
}

function remembered<T>({ workspaceState }: vscode.ExtensionContext, name: string, key: string, most: number): Remembered<T> {
  type All = readonly (readonly [key: string, value: T])[];
  const all = (): All => workspaceState.get<All>(name, []);
  return {
    get: () => all().find(([of]) => of === key)?.[1],
    set: (value) => workspaceState.update(name, [...all().filter(([of]) => of !== key), [key, value] as const].slice(-most)),
  };
}
