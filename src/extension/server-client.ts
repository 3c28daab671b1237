import * as vscode from 'vscode';
import { thresholdNames } from '../core/findings/thresholds';
import type { Notifications, Requests, ServerNotifications, ServerRequests } from '../protocol/lsp';
import { slabsFolder } from './folders';
import type { LanguageClient } from './language-client';
import { readSetting, readThreshold } from './settings';

/** The language server, started when it is first needed. */
export interface Server extends vscode.Disposable {
  request<M extends keyof Requests>(method: M, params: Requests[M][0], token?: vscode.CancellationToken): Promise<Requests[M][1]>;
  notify<M extends keyof Notifications>(method: M, params: Notifications[M]): void;
  on<M extends keyof ServerNotifications>(method: M, listener: (params: ServerNotifications[M]) => void): vscode.Disposable;
  handle<M extends keyof ServerRequests>(method: M, handler: (params: ServerRequests[M][0]) => Promise<ServerRequests[M][1]>): void;
  /** Starts it if it does not run yet. */
  start(): Promise<void>;
  readonly isRunning: boolean;
  stop(): Promise<void>;
}

/** JavaScript and TypeScript are profiled here; profiles of other tools bring line costs for the rest. */
const languages = [
  'javascript',
  'javascriptreact',
  'typescript',
  'typescriptreact',
  'python',
  'go',
  'rust',
  'java',
  'kotlin',
  'scala',
  'ruby',
  'c',
  'cpp',
  'csharp',
  'php',
];

export function createServer(context: vscode.ExtensionContext): Server {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.cjs').fsPath;
  const listeners = new Map<string, Set<(params: unknown) => void>>();
  const handlers = new Map<string, (params: unknown) => Promise<unknown>>();
  let client: LanguageClient | undefined;
  let isRunning = false;
  let starting: Promise<void> | undefined;

  const start = (): Promise<void> => {
    starting ??= launch().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };
  const launch = async (): Promise<void> => {
    const { LanguageClient, State, TransportKind } = await import('./language-client');
    client = new LanguageClient(
      'plateau',
      'Plateau',
      { module, transport: TransportKind.ipc, options: { execArgv: ['--max-old-space-size=8192'] } },
      {
        documentSelector: [...languages.map((language) => ({ scheme: 'file', language })), { scheme: 'file', pattern: '**/.plateau/rules/*.{yml,yaml}' }],
        initializationOptions: { isExtension: true, storage: slabsFolder(context).fsPath, ...currentSettings() },
        markdown: { isTrusted: { enabledCommands: ['plateau.revealFrame', 'plateau.profileAgain', 'plateau.explainFinding'] }, supportHtml: false },
        // What was decided about findings, which others may change, and rules of the user's own.
        synchronize: {
          fileEvents: ['findings.json', 'rules/*.yml', 'rules/*.yaml'].map((name) => vscode.workspace.createFileSystemWatcher(`**/.plateau/${name}`)),
        },
      },
    );
    client.onDidChangeState(({ newState }) => {
      isRunning = newState === State.Running;
      if (newState === State.Stopped) starting = undefined;
    });
    for (const method of listeners.keys()) subscribe(method);
    for (const [method, handler] of handlers) client.onRequest(method, handler);
    await client.start();
  };
  const subscribe = (method: string): void => {
    client?.onNotification(method, (params: unknown) => {
      for (const listener of listeners.get(method) ?? []) listener(params);
    });
  };
  const configuration = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('plateau') && client)
      void client.sendNotification('workspace/didChangeConfiguration', { settings: { plateau: currentSettings() } });
  });

  return {
    start,
    get isRunning() {
      return isRunning;
    },
    async request(method, params, token) {
      await start();
      const answer = await (token ? client?.sendRequest(method, params, token) : client?.sendRequest(method, params));
      return (answer ?? undefined) as never;
    },
    notify(method, params) {
      if (isRunning) void client?.sendNotification(method, params);
    },
    on(method, listener) {
      let set = listeners.get(method);
      if (!set) {
        set = new Set();
        listeners.set(method, set);
        if (client) subscribe(method);
      }
      set.add(listener as (params: unknown) => void);
      return new vscode.Disposable(() => set.delete(listener as (params: unknown) => void));
    },
    handle(method, handler) {
      handlers.set(method, handler as (params: unknown) => Promise<unknown>);
    },
    async stop() {
      const running = client;
      client = undefined;
      if (isRunning) await running?.stop(5000).catch(() => {}); // it is going away either way
    },
    dispose() {
      configuration.dispose();
    },
  };
}

/** Settings that the server needs, as its `readSettings` takes them. */
function currentSettings(): Record<string, unknown> {
  return {
    lineThreshold: readSetting('annotations.threshold'),
    thresholds: Object.fromEntries(thresholdNames.map((name) => [name, readThreshold(name)])),
    inlayHints: readSetting('annotations.inlayHints'),
    costLenses: readSetting('codeLens.cost'),
    runLenses: readSetting('codeLens.run'),
    ignoredRules: readSetting('ignoredRules'),
  };
}
