import * as vscode from 'vscode';
import type { Recipe } from '../shared/recipe';
import { fitting } from '../shared/schemas/read-json';
import { recipeSchema } from '../shared/schemas/recipe';
import type { WantedThread } from '../shared/thread-choice';
import { type ActiveFindings, activeFindings } from './active-findings';
import { type ActiveProfile, activeProfile, restoreActiveProfile } from './active-profile';
import { emptyTrash } from './commands/delete-recording';
import { doctorCommand } from './commands/doctor-command';
import { exportCommand } from './commands/export-command';
import { findingCommands } from './commands/finding-commands';
import { findingFixes } from './commands/finding-fix';
import { heapCommands } from './commands/heap-commands';
import { type HuntCommands, type HuntPlan, huntCommands } from './commands/hunt-command';
import { profileCommands } from './commands/profile-commands';
import { cancelRecording, stopRecording } from './commands/run-recording';
import { doctorViews } from './editors/doctor-view';
import { type HeapEditors, heapEditors } from './editors/heap-editor';
import { type ProfileEditors, profileEditors } from './editors/profile-editor';
import { openLink } from './links';
import { watchRuleFiles } from './rule-files';
import { createServer, type Server } from './server-client';
import { readSetting } from './settings';
import { runInTerminal } from './terminals';
import { askOpen, handleLinks, type PickItem, pickOne, registerCommand, showInfo } from './ui';
import { decorateEditors } from './views/decorations';
import { findingsView } from './views/findings-view';
import { type RecordingsView, recordingsView } from './views/recordings-view';
import { runLenses } from './views/run-lenses';

/** What tests and the demo may ask the running extension. */
export interface PlateauApi {
  readonly activationMs: number;
  readonly server: Pick<Server, 'request' | 'notify' | 'on'>;
  readonly active: Pick<ActiveProfile, 'current' | 'set' | 'isHidden' | 'setHidden'>;
  readonly findings: Pick<ActiveFindings, 'file' | 'all' | 'onDidChange'>;
  readonly editors: Pick<ProfileEditors, 'onDidShow' | 'reveal' | 'focused' | 'open'>;
  readonly heaps: Pick<HeapEditors, 'onDidShow' | 'onDidFail' | 'reveal' | 'compare'>;
  readonly recordings: Pick<RecordingsView, 'drops' | 'children'>;
}

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): PlateauApi {
  const started = performance.now();
  const language = createServer(context);
  server = language;
  language.handle('plateau/runInTerminal', runInTerminal);
  const active = activeProfile(context, language);
  const editors = profileEditors(context, language, active);
  const heaps = heapEditors(context, language);
  const commands = profileCommands(context, language, active, editors);
  const heap = heapCommands(context, language);
  const recordings = recordingsView(context, language);
  const findings = activeFindings(language, active);
  const fixes = findingFixes(language);
  const register = registerCommand;

  context.subscriptions.push(
    language,
    active,
    editors,
    heaps,
    recordings,
    doctorViews(context, language, editors),
    register('plateau.findBottleneck', doctorCommand(context, language, active)),
    findings,
    fixes,
    findingCommands(context, language, findings, editors, fixes),
    findingsView(findings),
    decorateEditors(context, language, active),
    register('plateau.profileFunction', commands.profileFunction.bind(commands)),
    register('plateau.profileFile', commands.profileFile.bind(commands)),
    register('plateau.profileTest', commands.profileTest.bind(commands)),
    register('plateau.profileScript', (folder: string, script: string) => commands.profileAny({ kind: 'script', script, cwd: folder })),
    // The names under which others look for the same.
    register('plateau.recordCpuProfile', () => (isScriptActive() ? commands.profileFile() : commands.profileAny())),
    register('plateau.attachToProcess', () => commands.profileAny(undefined, true)),
    register('plateau.takeMemorySnapshot', () => heap.takeHeapSnapshot()),
    runLenses(language),
    register('plateau.profileAgain', (file?: string | vscode.Uri) => commands.profileAgain(file instanceof vscode.Uri ? file.fsPath : file)),
    register('plateau.recordAllocations', (recipe?: Recipe) => heap.recordAllocations(isRecipe(recipe))),
    register('plateau.takeHeapSnapshot', (recipe?: Recipe, wanted?: WantedThread) => heap.takeHeapSnapshot(isRecipe(recipe), isRecipe(recipe) && wanted)),
    register('plateau.trackAllocations', (recipe?: Recipe) => heap.trackAllocations(isRecipe(recipe))),
    ...huntLeakCommands(huntCommands(context, language), register),
    register('plateau.stopRecording', stopRecording),
    register('plateau.cancelRecording', cancelRecording),
    register('plateau.openProfile', (file?: string, preserveFocus?: boolean) => openProfile(editors, file, preserveFocus === true)),
    register(
      'plateau.exportProfile',
      exportCommand(context, language, () => editors.focused ?? active.current?.file),
    ),
    register('plateau.openWith', (uri?: vscode.Uri) => openProfile(editors, uri?.fsPath, false)),
    register('plateau.revealFrame', (file: string, func: number) => editors.reveal(file, func)),
    register('plateau.showInFlameGraph', () => showInFlameGraph(language, active, editors)),
    register('plateau.hideAnnotations', () => active.setHidden(true)),
    register('plateau.showAnnotations', () => active.setHidden(false)),
    register('plateau.clearActiveProfile', () => active.set(undefined)),
    register('plateau.activeProfileMenu', () => activeMenu(active, editors)),
    watchRuleFiles(language),
    handleLinks(openLink(editors)),
    register('plateau.openHeapSnapshot', (file?: string, id?: number) => heaps.reveal(file, id)),
    register('plateau.compareHeapSnapshots', (target?: vscode.Uri | string, base?: string) =>
      heaps.compare(target instanceof vscode.Uri ? target.fsPath : target, base),
    ),
    register('plateau.search', () => editors.send({ kind: 'focusSearch' })),
  );

  // Everything below can wait until the window is up.
  void restoreActiveProfile(context, active).catch(() => {}); // a profile that cannot be read is told when it is opened
  void emptyTrash(context).catch(() => {}); // tried again next time
  if (needsLenses()) void language.start();
  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plateau.codeLens') && needsLenses()) void language.start();
    }),
  );
  return { activationMs: performance.now() - started, server: language, active, findings, editors, heaps, recordings };
}

const isScriptActive = (): boolean => /\.[cm]?[jt]sx?$/i.test(vscode.window.activeTextEditor?.document.uri.path ?? '');

/** A button in a view hands over what it stands on. */
const isRecipe = (given: unknown): Recipe | undefined => fitting(given, recipeSchema);
const huntLeakCommands = (hunts: HuntCommands, register: (name: string, run: (...args: never[]) => unknown) => vscode.Disposable): vscode.Disposable[] => [
  register('plateau.huntLeak', (plan?: HuntPlan) => hunts.hunt(typeof plan?.times === 'number' ? plan : undefined)),
  register('plateau.huntAgain', () => hunts.again()),
  register('plateau.huntOtherThread', () => hunts.inOtherThread()),
  register('plateau.showHunt', () => hunts.show()),
];

export async function deactivate(): Promise<void> {
  await server?.stop();
}

function needsLenses(): boolean {
  return readSetting('codeLens.run');
}

async function openProfile(editors: ProfileEditors, file: string | undefined, preserveFocus: boolean): Promise<void> {
  if (typeof file === 'string') return editors.reveal(file, undefined, preserveFocus);
  const picked = await askOpen('Open a Profile', {
    'All files': ['*'],
    Profiles: ['cpuprofile', 'heapprofile', 'json', 'gz', 'zst', 'pprof', 'pb', 'prof', 'folded', 'collapsed', 'txt', 'out'],
  });
  if (picked) await editors.reveal(picked.fsPath, undefined);
}

async function showInFlameGraph(language: Server, active: ActiveProfile, editors: ProfileEditors): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  if (!active.current) {
    void showInfo('No profile is active. Open one, or run "Plateau: Profile Function".');
    return;
  }
  const { line, character } = editor.selection.active;
  const found = await language.request('plateau/frameAt', { uri: editor.document.uri.toString(), line, character });
  if (found) await editors.reveal(found.file, found.func);
  else void showInfo(`The function at the cursor is not in the profile "${active.current.title}": it did not run while it was recorded.`);
}

async function activeMenu(active: ActiveProfile, editors: ProfileEditors): Promise<void> {
  const { current } = active;
  if (!current) return;
  const items: (PickItem & { run: () => unknown })[] = [
    { icon: 'flame', label: 'Show the Flame Graph', description: current.title, run: () => editors.reveal(current.file, undefined) },
    { icon: 'refresh', label: 'Profile Again', run: () => vscode.commands.executeCommand('plateau.profileAgain', current.file) },
    active.isHidden
      ? { icon: 'eye', label: 'Show Costs beside the Code', run: () => active.setHidden(false) }
      : { icon: 'eye-closed', label: 'Hide Costs beside the Code', run: () => active.setHidden(true) },
    { icon: 'export', label: 'Export…', run: () => vscode.commands.executeCommand('plateau.exportProfile', current.file) },
    { icon: 'list-unordered', label: 'Choose Another Recording', run: () => vscode.commands.executeCommand('plateau.recordings.focus') },
    { icon: 'clear-all', label: 'Clear the Active Profile', description: 'no costs, no diagnostics', run: () => active.set(undefined) },
  ];
  const picked = await pickOne(items, { title: `Active profile: ${current.title}` });
  await picked?.run();
}
