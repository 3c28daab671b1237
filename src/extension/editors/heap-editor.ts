import * as vscode from 'vscode';
import type { IcicleDto } from '../../protocol/heap';
import type { FromHeapWebview, HeapSettings, ToHeapWebview } from '../../protocol/heap-webview';
import { type Failure, isFailure } from '../../protocol/lsp';
import type { HeapBase, HeapQueryName } from '../../shared/heap-query';
import { chooseSnapshot } from '../commands/choose-snapshot';
import { slabsFolder } from '../folders';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { showPlace } from '../show-place';
import { messageOf, showInfo, showStatus, showWarning } from '../ui';
import { columnForGraphs } from './own-group';
import { heapPage, onPageMessage } from './page-messages';
import { basename, localFile, page, pageLink, readPageParts, watchFile } from './webview-page';

export const heapViewType = 'plateau.heap';

/** The custom editor for `.heapsnapshot`: it hosts the webview; the snapshot is in a thread of the server. */
export interface HeapEditors extends vscode.Disposable {
  /** Opens a snapshot (asks which, if none is named), at the object with an id if one is named. */
  reveal(file?: string, id?: number): Promise<void>;
  /** Compares a snapshot (by default the one that is looked at) with an earlier one; asks for what is not given. Gives what came of it. */
  compare(file?: string, base?: string): Promise<HeapBase | undefined>;
  /** Resolves with what the webview said of its first picture. For tests and the demo. */
  readonly onDidShow: vscode.Event<{ readonly file: string; readonly milliseconds: number }>;
  /** Where the page says why a snapshot cannot be shown. For tests. */
  readonly onDidFail: vscode.Event<{ readonly file: string; readonly message: string }>;
}

interface OpenEditor {
  readonly uri: vscode.Uri;
  readonly panel: vscode.WebviewPanel;
  readonly file: string;
  post(message: ToHeapWebview): void;
  goTo(id: number): Promise<void>;
  compareWith(base: string): Promise<HeapBase | undefined>;
}

const settings = (): HeapSettings => ({ hasInternal: readSetting('heap.internalReferences') });

export function heapEditors(context: vscode.ExtensionContext, server: Server): HeapEditors {
  const shown = new vscode.EventEmitter<{ file: string; milliseconds: number }>();
  const failed = new vscode.EventEmitter<{ file: string; message: string }>();
  const editors = new Set<OpenEditor>();
  /** Objects that snapshots which are being opened have to show. */
  const wanted = new Map<string, number>();
  const storage = slabsFolder(context);
  const bases = chosenBases(context);

  const resolve = (uri: vscode.Uri, panel: vscode.WebviewPanel): void => {
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
    const link = pageLink<ToHeapWebview>(webview);
    let loading = new vscode.CancellationTokenSource();
    let comparing = new vscode.CancellationTokenSource();
    let isLoading = false;
    let isComparing = false;
    let file = uri.fsPath;

    const query = (name: HeapQueryName, what: unknown, token?: vscode.CancellationToken): Promise<{ readonly answer: unknown } | Failure> =>
      server
        .request('plateau/heapQuery', { file, name, query: what, storage: storage.fsPath }, token)
        .catch((error: unknown): Failure => ({ failed: messageOf(error) }));

    const editor: OpenEditor = {
      uri,
      panel,
      get file() {
        return file;
      },
      post: link.post,
      async goTo(id) {
        const found = await query('find', { id });
        const node = isFailure(found) ? undefined : (found.answer as { node: number } | null)?.node;
        if (node === undefined) void showWarning(`There is no object @${id} in ${basename(uri)}.`);
        else editor.post({ kind: 'reveal', node });
      },
      async compareWith(base) {
        bases.add(base);
        comparing.cancel();
        comparing = new vscode.CancellationTokenSource();
        const { token } = comparing;
        isComparing = true;
        editor.post({ kind: 'comparing', doing: `Reading ${basename(vscode.Uri.file(base))}…`, share: undefined });
        const answer = await query('compare', { base }, token);
        if (token.isCancellationRequested) {
          editor.post({ kind: 'notCompared', message: undefined });
          return undefined;
        }
        isComparing = false;
        if (isFailure(answer)) {
          editor.post({ kind: 'notCompared', message: answer.isCancelled ? undefined : `${basename(vscode.Uri.file(base))}: ${answer.failed}` });
          return undefined;
        }
        editor.post({ kind: 'base', base: answer.answer as HeapBase });
        return answer.answer as HeapBase;
      },
    };
    editors.add(editor);
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    void readPageParts(dist, 'heap-webview').then((parts) => {
      webview.html = page(webview, parts);
    });

    const fail = (message: string): void => {
      failed.fire({ file, message });
      editor.post({ kind: 'failed', message });
    };
    const load = async (): Promise<void> => {
      loading.cancel();
      loading = new vscode.CancellationTokenSource();
      const { token } = loading;
      isLoading = true;
      editor.post({ kind: 'loading', doing: `Reading ${basename(uri)}…`, share: undefined });
      try {
        file = await localFile(uri, storage);
        const opened = await server.request('plateau/heapOpen', { file }, token);
        if (token.isCancellationRequested) return;
        if (isFailure(opened)) return fail(opened.failed);
        const id = wanted.get(uri.toString());
        wanted.delete(uri.toString());
        editor.post({ kind: 'opened', overview: opened, settings: settings() });
        if (id !== undefined) await editor.goTo(id);
      } catch (error) {
        if (!token.isCancellationRequested) fail(messageOf(error));
      } finally {
        if (!token.isCancellationRequested) isLoading = false;
      }
    };
    const cancel = (): void => {
      if (isComparing) {
        isComparing = false;
        return comparing.cancel();
      }
      if (!isLoading) return;
      isLoading = false;
      loading.cancel();
      editor.post({ kind: 'failed', message: 'Opening was cancelled.' });
    };
    const answer = async ({ token, name, query: what }: Extract<FromHeapWebview, { kind: 'query' }>): Promise<void> => {
      const result = await query(name, what);
      if (isFailure(result)) return editor.post({ kind: 'refused', token, message: result.failed });
      if (name !== 'icicle') return editor.post({ kind: 'answer', token, answer: result.answer ?? undefined });
      const { slab, nodes } = result.answer as IcicleDto;
      const read = await vscode.workspace.fs.readFile(vscode.Uri.file(slab));
      // A copy, because what is read may be a view of a larger buffer.
      editor.post({ kind: 'slab', token, icicle: { slab: new Uint8Array(read).buffer, nodes } });
    };

    const subscriptions = vscode.Disposable.from(
      watchFile(uri, {
        onChange: () => void load(),
        onDelete: () => editor.post({ kind: 'gone', message: `${basename(uri)} was deleted or moved. It can be looked at until this editor is closed.` }),
      }),
      server.on('plateau/heapProgress', ({ file: of, doing, share }) => {
        if (of !== file) return;
        if (isLoading) editor.post({ kind: 'loading', doing, share });
        else if (isComparing) editor.post({ kind: 'comparing', doing, share });
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('plateau.heap.internalReferences')) editor.post({ kind: 'internal', isShown: settings().hasInternal });
      }),
      onPageMessage(webview, heapPage, (message) => {
        switch (message.kind) {
          case 'ready':
            // A page that was hidden starts anew when it is shown, and has to be told everything again.
            if (link.ready()) void load();
            return;
          case 'shown':
            shown.fire({ file, milliseconds: message.milliseconds });
            return;
          case 'query':
            void answer(message).catch((error: unknown) => editor.post({ kind: 'refused', token: message.token, message: messageOf(error) }));
            return;
          case 'compare':
            if (message.base === undefined) void compareChosen(editor);
            // A page that starts anew remembers what it was compared with, which the user has chosen.
            else if (bases.has(message.base)) void editor.compareWith(message.base);
            else editor.post({ kind: 'notCompared', message: undefined });
            return;
          case 'openSource':
            void openSource(file, message.node);
            return;
          case 'setInternal':
            void vscode.workspace.getConfiguration('plateau').update('heap.internalReferences', message.isShown, vscode.ConfigurationTarget.Global);
            return;
          case 'cancel':
            return cancel();
          case 'retry':
            void load();
            return;
          case 'copy':
            void vscode.env.clipboard.writeText(message.text);
            void showStatus('check', `${message.what}`, 3000);
            return;
        }
      }),
      panel.onDidDispose(() => {
        loading.cancel();
        comparing.cancel();
        editors.delete(editor);
        subscriptions.dispose();
        if (![...editors].some((one) => one.file === file)) server.notify('plateau/heapClose', { file });
      }),
    );
    // The server reads while the page is still loading.
    void load();
  };

  async function openSource(file: string, node: number): Promise<void> {
    const place = await server.request('plateau/heapPlace', { file, node });
    if (isFailure(place)) return void showWarning(place.failed);
    if (!place) return void showInfo('This has no source: it is part of V8, Node.js or native code.');
    await showPlace(place);
  }

  const others = (file: string): string[] => [...editors].map((one) => one.file).filter((one) => one !== file);

  const chooseBase = (file: string): Promise<string | undefined> => chooseSnapshot(`Compare ${basename(vscode.Uri.file(file))} with…`, others(file), [file]);

  async function compareChosen(editor: OpenEditor): Promise<HeapBase | undefined> {
    const base = await chooseBase(editor.file);
    return base === undefined ? undefined : editor.compareWith(base);
  }

  const find = (file: string): OpenEditor | undefined => [...editors].find((one) => one.file === file);

  async function open(file: string): Promise<OpenEditor | undefined> {
    const before = find(file);
    if (before?.panel.active) return before;
    if (before) before.panel.reveal(before.panel.viewColumn);
    else await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), heapViewType, columnForGraphs());
    return find(file);
  }

  const registration = vscode.window.registerCustomEditorProvider(
    heapViewType,
    {
      openCustomDocument: (uri: vscode.Uri) => ({ uri, dispose() {} }),
      resolveCustomEditor: (document: vscode.CustomDocument, panel: vscode.WebviewPanel) => resolve(document.uri, panel),
    },
    { supportsMultipleEditorsPerDocument: true },
  );

  return {
    onDidShow: shown.event,
    onDidFail: failed.event,
    async reveal(given, id) {
      const file = given ?? (await chooseSnapshot('Open a Heap Snapshot', [], []));
      if (file === undefined) return;
      const isOpen = find(file) !== undefined;
      if (id !== undefined && !isOpen) wanted.set(vscode.Uri.file(file).toString(), id);
      const editor = await open(file);
      if (id !== undefined && isOpen) await editor?.goTo(id);
    },
    async compare(file, given) {
      const active = [...editors].find(({ panel }) => panel.active);
      const current = file ?? active?.file ?? (await chooseSnapshot('Compare Heap Snapshots: the later one', others(''), []));
      if (current === undefined) return undefined;
      // Everything is asked before an editor opens or comes to the front, which takes the focus from a list.
      const base = given ?? (await chooseBase(current));
      if (base === undefined) return undefined;
      return (await open(current))?.compareWith(base);
    },
    dispose() {
      registration.dispose();
      shown.dispose();
      failed.dispose();
    },
  };
}

/** Snapshots that others were compared with in this workspace, the last ones. */
function chosenBases(context: vscode.ExtensionContext): { has(file: string): boolean; add(file: string): void } {
  const all = (): readonly string[] => context.workspaceState.get<readonly string[]>('heapBases') ?? [];
  return {
    has: (file) => all().includes(file),
    add: (file) => void context.workspaceState.update('heapBases', [...all().filter((one) => one !== file), file].slice(-50)),
  };
}
