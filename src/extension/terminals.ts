import * as vscode from 'vscode';
import type { ServerRequests } from '../protocol/lsp';
import { createTerminal, messageOf } from './ui';

/** Terminals of recordings; one that has ended is closed when the next recording starts. */
const finished = new Set<vscode.Terminal>();
let current: vscode.Terminal | undefined;

/** After a recording: what went well makes room for the flame graph, what did not stays to be read. */
export function terminalDone(succeeded: boolean): void {
  if (!current) return;
  finished.add(current);
  if (succeeded) current.hide();
  current = undefined;
}

/** Opens a terminal that runs the recorder's runner; the program's own input and output are there. */
export async function runInTerminal({
  title,
  command,
  args,
  cwd,
}: ServerRequests['plateau/runInTerminal'][0]): Promise<ServerRequests['plateau/runInTerminal'][1]> {
  for (const one of finished) one.dispose();
  finished.clear();
  try {
    const terminal = createTerminal({
      name: title,
      shellPath: command,
      shellArgs: [...args],
      ...(cwd === undefined ? {} : { cwd }),
      isTransient: true,
      iconPath: new vscode.ThemeIcon('flame'),
    });
    current = terminal;
    terminal.show(true);
    return undefined;
  } catch (error) {
    return { failed: messageOf(error) };
  }
}
