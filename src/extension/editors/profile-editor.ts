import * as vscode from 'vscode';
import type { FindingRef } from '../../protocol/findings';
import { type Failure, isFailure, type OpenedProfileDto } from '../../protocol/lsp';
import { readPreferences } from '../../protocol/view-state';
import type { ToWebview } from '../../protocol/webview';
import type { ActiveProfile } from '../active-profile';
import { chosenProfiles, unfoldedRuns } from '../commands/chosen-profiles';
import { slabsFolder } from '../folders';
import { copyLink } from '../links';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { showPlace } from '../show-place';
import { messageOf, showFailure, showInfo, showStatus } from '../ui';
import { heapViewType } from './heap-editor';
import { columnForGraphs, isOwnTab } from './own-group';
import { onPageMessage, profilePage } from './page-messages';
import { openSpeedscope } from './speedscope';
import { basename, localFile, page, pageLink, readPageParts, sendSlab, watchFile } from './webview-page';

const viewType = 'plateau.profile';
/** The same editor for every other format, offered with "Open With" and never by itself. */
const importViewType = 'plateau.import';
/** The same for names that nothing but a profiler gives, which open by themselves; `package.json` lists them, too. */
const foreignViewType = 'plateau.foreign';
const foreign = /\.(?:cpuprofile\.gz|heapprofile(?:\.gz)?|pb\.gz|pprof(?:\.gz)?|speedscope\.json(?:\.gz)?|collapsed|folded)$/i;

export const viewTypeOf = (uri: vscode.Uri): string =>
  /\.cpuprofile$/i.test(uri.path)
    ? viewType
    : /\.(?:heapsnapshot|heaptimeline)(?:\.gz)?$/i.test(uri.path)
      ? heapViewType
      : foreign.test(uri.path)
        ? foreignViewType
        : importViewType;

/** The custom editor for `.cpuprofile`: it hosts the webview and holds no profile itself. */
export interface ProfileEditors extends vscode.Disposable {
  /** Opens a profile's flame graph, at a function if one is named. */
  reveal(file: string, func: number | undefined, preserveFocus?: boolean): Promise<void>;
  /** The files that are open. */
  readonly open: readonly string[];
  /** Closes the editors of a file. */
  close(file: string): Promise<void>;
  /** The file of the editor that has the focus. */
  readonly focused: string | undefined;
  /** Resolves with what the webview said of its first picture. For tests and the demo. */
  readonly onDidShow: vscode.Event<{ readonly file: string; readonly nodes: number; readonly milliseconds: number }>;
  send(message: ToWebview): void;
  /** Shows a finding in the editor of its profile, which has to be open. */
  showFinding(file: string, id: string): void;
  /** Opens a profile as a link says. */
  openState(file: string, state: unknown): Promise<void>;
}

interface OpenEditor {
  readonly uri: vscode.Uri;
  readonly panel: vscode.WebviewPanel;
  post(message: ToWebview): void;
  reload(): void;
}

/** The key of what is remembered for all profiles. */
const PREFERENCES = 'profilePreferences';

export function profileEditors(context: vscode.ExtensionContext, server: Server, active: ActiveProfile): ProfileEditors {
  const shown = new vscode.EventEmitter<{ file: string; nodes: number; milliseconds: number }>();
  const editors = new Set<OpenEditor>();
  const reveals = new Map<string, number>();
  const states = new Map<string, unknown>();
  /** By file of several profiles: the one whose costs stand beside the code. */
  const beside = new Map<string, number | 'merge'>();
  const storage = slabsFolder(context);

  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose() {} }),
    resolveCustomEditor: (document, panel) => resolve(document.uri, panel),
  };

  const resolve = (uri: vscode.Uri, panel: vscode.WebviewPanel): void => {
    const chosen = chosenProfiles(context, uri);
    let select = chosen.get();
    /** What is shown, as long as something is. */
    let shownSelect: number | 'merge' | undefined;
    let shownSlab: string | undefined;
    const { webview } = panel;
    const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
    const subscriptions: vscode.Disposable[] = [];
    const link = pageLink<ToWebview>(webview);
    let loading = new vscode.CancellationTokenSource();
    let file = uri.fsPath;
    const editor: OpenEditor = {
      uri,
      panel,
      post: link.post,
      reload: () => void load(),
    };
    editors.add(editor);
    webview.options = { enableScripts: true, localResourceRoots: [dist, storage] };
    void readPageParts(dist, 'webview').then((parts) => {
      webview.html = page(webview, parts);
    });

    const load = (): Promise<void> => {
      loading.cancel();
      loading = new vscode.CancellationTokenSource();
      const { token } = loading;
      editor.post({ kind: 'loading', progress: undefined });
      return loadWith(token).catch((error: unknown) => {
        if (!token.isCancellationRequested) editor.post({ kind: 'failed', message: messageOf(error) });
      });
    };
    const loadWith = async (token: vscode.CancellationToken): Promise<void> => {
      file = await localFile(uri, storage);
      const open = (): Promise<OpenedProfileDto | Failure> =>
        server.request('plateau/open', { file, storage: storage.fsPath, select }, token).catch((error: unknown): Failure => ({ failed: messageOf(error) }));
      let opened = await open();
      if (token.isCancellationRequested) return;
      if (isFailure(opened) && select !== undefined && select !== shownSelect) {
        // One of its profiles cannot be read: what is shown stays, or else what is shown without a choice.
        select = shownSelect;
        if (shownSlab !== undefined) return editor.post({ kind: 'notChosen', message: opened.failed });
        opened = await open();
        if (token.isCancellationRequested) return;
      }
      if (isFailure(opened)) return editor.post({ kind: 'failed', message: opened.failed });
      // Two editors may show two profiles of one file.
      if (opened.choices.length > 1) select = opened.selected;
      shownSelect = select;
      const slab = await sendSlab(webview, link, opened.slab, opened.slabBytes, token);
      if (!slab || token.isCancellationRequested) return;
      const state = states.get(uri.toString());
      states.delete(uri.toString());
      const notMine = readSetting('onlyMyCode.exclude', uri);
      const known = context.globalState.get(PREFERENCES);
      // Until somebody has switched it.
      const preferences = { ...readPreferences(known), ...(known === undefined ? { isMyCode: readSetting('onlyMyCode.default', uri) } : {}) };
      const unfolded = unfoldedRuns(context, uri, select).get() ?? [];
      editor.post({ kind: 'profile', profile: opened, slab, notMine, preferences, unfolded, ...(state === undefined ? {} : { state }) });
      if (opened.choices.some(({ thread }) => thread && thread.strip === undefined)) {
        // How busy the others are is seen a moment later.
        const known = opened.choices.flatMap(({ thread }, row) => (thread?.strip === undefined ? [] : [[row, thread.strip] as const]));
        void server.request('plateau/readStrips', { file, storage: storage.fsPath, known }, token).catch(() => {}); // the server is going away, or another is shown
      }
      const wanted = reveals.get(uri.toString());
      reveals.delete(uri.toString());
      if (wanted !== undefined) editor.post({ kind: 'reveal', func: wanted });
      // Another profile of the same file has other costs beside the code.
      const isAnother = active.current?.file !== file || (shownSlab !== undefined && shownSlab !== opened.slab);
      shownSlab = opened.slab;
      if (isAnother && uri.scheme === 'file') await takeOver();
    };

    /** The costs beside the code are those of this editor's profile from now on. */
    const takeOver = async (): Promise<void> => {
      if (select !== undefined && beside.get(file) !== select) {
        beside.set(file, select);
        await server.request('plateau/open', { file, storage: storage.fsPath, select });
      }
      await active.set(file);
    };

    const sendFindings = async (): Promise<void> => {
      const findings = await server.request('plateau/findings', { file, select });
      if (!isFailure(findings)) editor.post({ kind: 'findings', findings });
    };

    subscriptions.push(
      watchFile(uri, {
        onChange: () => void load(),
        onDelete: () =>
          editor.post({ kind: 'gone', message: `${basename(uri)} was deleted or moved. This is what it held; it cannot be opened again from here.` }),
      }),
      server.on('plateau/openProgress', (progress) => {
        if (progress.file === file) editor.post({ kind: 'loading', progress: progress.read / Math.max(1, progress.size) });
      }),
      server.on('plateau/strips', ({ file: of, strips }) => {
        if (of === file) editor.post({ kind: 'strips', strips });
      }),
      server.on('plateau/findingsChanged', (changed) => {
        if (changed.file === file && shownSlab !== undefined) void sendFindings().catch(() => {}); // the server is going away
      }),
      onPageMessage(webview, profilePage, (message) => {
        switch (message.kind) {
          case 'ready':
            // A page that was hidden starts anew when it is shown, and has to be told everything again.
            if (link.ready()) void load();
            return;
          case 'shown':
            shown.fire({ file, ...message });
            return;
          case 'openSource':
            void openSource(server, file, message.func, message.line, select);
            return;
          case 'wantLines':
            void server
              .request('plateau/functionLines', { file, func: message.func, isWhole: message.isWhole, select })
              .then((lines) => editor.post({ kind: 'lines', lines }));
            return;
          case 'profileAgain':
            void vscode.commands.executeCommand('plateau.profileAgain', file);
            return;
          case 'choose':
            select = message.select;
            void load().then(() => (select === message.select ? chosen.set(select) : undefined));
            return;
          case 'retry':
            void load();
            return;
          case 'copy':
            void vscode.env.clipboard.writeText(message.text);
            void showStatus('check', `${message.what}`, 3000);
            return;
          case 'preferences':
            void context.globalState.update(PREFERENCES, message.preferences);
            return;
          case 'unfolded':
            void unfoldedRuns(context, uri, shownSelect).set(message.unfolded);
            return;
          case 'openSpeedscope':
            void openSpeedscope(context, server, file, storage, select);
            return;
          case 'copyLink':
            void copyLink(context, uri, message.state);
            return;
          case 'finding':
            void actOnFinding(message.act, { file, id: message.id });
            return;
          case 'setFindingStatus':
            void server.request('plateau/setFindingStatus', { file, ids: message.ids, status: message.status, select }).then((answer) => {
              if (!isFailure(answer)) return;
              void showFailure(answer.failed);
              void sendFindings();
            });
            return;
          case 'state':
            return;
        }
      }),
      panel.onDidChangeViewState(() => {
        const isOther = active.current?.file !== file || (select !== undefined && beside.get(file) !== select);
        if (panel.active && uri.scheme === 'file' && isOther) void takeOver();
        void vscode.commands.executeCommand('setContext', 'plateau.editorFocused', panel.active);
      }),
      panel.onDidDispose(() => {
        loading.cancel();
        editors.delete(editor);
        for (const one of subscriptions) one.dispose();
      }),
    );
    // The server reads while the page is still loading.
    void load();
  };

  const registration = vscode.Disposable.from(
    ...[viewType, foreignViewType, importViewType].map((type) =>
      vscode.window.registerCustomEditorProvider(type, provider, { supportsMultipleEditorsPerDocument: true }),
    ),
  );
  return {
    onDidShow: shown.event,
    get open() {
      return [...editors].map(({ uri }) => uri.fsPath);
    },
    async close(target) {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      await vscode.window.tabGroups.close(
        tabs.filter((tab) => isOwnTab(tab) && tab.input instanceof vscode.TabInputCustom && tab.input.uri.fsPath === target && !tab.isPinned),
      );
    },
    get focused() {
      return [...editors].find(({ panel }) => panel.active)?.uri.fsPath;
    },
    async reveal(target, func, preserveFocus = false) {
      const uri = vscode.Uri.file(target);
      const open = [...editors].find((one) => one.uri.toString() === uri.toString());
      if (open) {
        open.panel.reveal(open.panel.viewColumn, preserveFocus);
        if (func !== undefined) open.post({ kind: 'reveal', func });
        return;
      }
      if (func !== undefined) reveals.set(uri.toString(), func);
      await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeOf(uri), { viewColumn: columnForGraphs(), preserveFocus });
    },
    async openState(target, state) {
      const uri = vscode.Uri.file(target);
      states.set(uri.toString(), state);
      const open = [...editors].find((one) => one.uri.toString() === uri.toString());
      if (!open) return void (await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeOf(uri)));
      open.panel.reveal(open.panel.viewColumn);
      open.reload();
    },
    showFinding(target, id) {
      const uri = vscode.Uri.file(target).toString();
      for (const open of editors) if (open.uri.toString() === uri) open.post({ kind: 'showFinding', id });
    },
    send(message) {
      for (const { panel, post } of editors) if (panel.active) post(message);
    },
    dispose() {
      registration.dispose();
      shown.dispose();
    },
  };
}

const findingActs = {
  explain: 'plateau.explainFinding',
  goTo: 'plateau.findings.goTo',
  fix: 'plateau.findings.fix',
  fixAndProfileAgain: 'plateau.findings.fixAndProfileAgain',
} as const;

const actOnFinding = (act: keyof typeof findingActs, ref: FindingRef): Thenable<unknown> => vscode.commands.executeCommand(findingActs[act], ref);

/** Opens the source of a function, beside the flame graph unless a text editor is there already. */
async function openSource(server: Server, file: string, func: number, line: number | undefined, select: number | 'merge' | undefined): Promise<void> {
  const place = await server.request('plateau/place', { file, func, select });
  if (!place) {
    void showInfo('This function has no source: it is part of V8, Node.js or native code.');
    return;
  }
  await showPlace(line === undefined ? place : { ...place, line, column: 1 });
}
