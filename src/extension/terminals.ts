import * as vscode from 'vscode';
import type { ServerRequests } from '../protocol/lsp';

/** Opens a terminal that runs the recorder's runner; the program's own input and output are there. */
export async function runInTerminal({ title, command, args, cwd }: ServerRequests['plateau/runInTerminal'][0]): Promise<ServerRequests['plateau/runInTerminal'][1]> {
  try {
    const terminal = vscode.window.createTerminal({
      name: title.length > 40 ? `${title.slice(0, 39)}…` : title,
      shellPath: command,
      shellArgs: [...args],
      ...(cwd === undefined ? {} : { cwd }),
      isTransient: true,
      iconPath: new vscode.ThemeIcon('flame'),
    });
    terminal.show(true);
    return undefined;
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
