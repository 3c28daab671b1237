import * as vscode from 'vscode';
import { readSetting } from '../settings';

/** Whether a tab is a page of Plateau's. */
export const isOwnTab = ({ input }: vscode.Tab): boolean =>
  (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputWebview) && /(?:^|-)plateau\./.test(input.viewType);

/** Where graphs, snapshots and reports open, by the setting: with the others, else beside the code, else where nothing is. */
export function columnForGraphs(): vscode.ViewColumn {
  const location = readSetting('open.location');
  if (location === 'active') return vscode.ViewColumn.Active;
  const { all, activeTabGroup } = vscode.window.tabGroups;
  if (location === 'beside') return activeTabGroup.tabs.length === 0 ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
  const own = all.find(({ tabs }) => tabs.some(isOwnTab));
  if (own) return own.viewColumn;
  if (!vscode.window.activeTextEditor) return vscode.ViewColumn.Active;
  return all.find(({ tabs }) => tabs.length === 0)?.viewColumn ?? vscode.ViewColumn.Beside;
}
