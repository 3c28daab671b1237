/** The language server's entry point: `node server.cjs --stdio`, or started by the extension. */
import path from 'node:path';
import { CodeActionKind, createConnection, type InitializeParams, ProposedFeatures, TextDocumentSyncKind, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { useWaitedThread, waitedThread } from '../files/waited-thread';
import type { ActiveProfileDto, Failure, Settings } from '../protocol/lsp';
import { baselineFindings } from '../service/findings/baseline-findings';
import { describeStatesIssue } from '../service/findings/describe-states-issue';
import type { FindingSource } from '../service/findings/finding-source';
import { isRulesFile } from '../service/patterns/own-rules';
import { patternScanner } from '../service/patterns/pattern-scanner';
import { describeProfileIssue } from '../service/profile/describe-profile-issue';
import type { OpenedProfile } from '../service/profile/opened-profile';
import { requestThread } from '../service/requests/request-thread';
import { sourceParser } from '../service/support/source-parser';
import { workerLimits } from '../service/support/worker-limits';
import { findingStatuses } from '../shared/finding-status';
import { plural } from '../shared/format';
import type { ReportedFinding } from '../shared/reported-finding';
import { clientUi } from './client-ui';
import { plateauConnection } from './connection';
import { doctorDto } from './doctor';
import { answerEditor } from './editor-requests';
import { SET_STATUS } from './findings/code-actions';
import { diagnosticsOf, diagnosticsPublisher } from './findings/diagnostics';
import { answerFindings } from './findings/finding-requests';
import { findingStore } from './findings/findings';
import { patternSearch } from './findings/pattern-search';
import { ruleFiles } from './findings/rule-files';
import { heapRecorder } from './heap-recorder';
import { heapRequests } from './heaps';
import { latestHover } from './latest-hover';
import { profileWorkers } from './profile-reader';
import { answerProfiles } from './profile-requests';
import { profileStore } from './profiles';
import { answerRecipes } from './recipe-requests';
import { recorder } from './recorder';
import { defaultSettings, readSettings, thresholdsOf } from './settings';
import { fileOfUri, sourceCache, uriOfFile } from './sources';

const connection = createConnection(ProposedFeatures.all);
const plateau = plateauConnection(connection);
const ui = clientUi(connection);
const documents = new TextDocuments(TextDocument);
const helper = path.join(__dirname, 'helper-worker.mjs');
// This thread has editors to answer.
useWaitedThread(waitedThread(helper, workerLimits()));
const parser = sourceParser(helper);
const requests = requestThread(path.join(__dirname, 'request-worker.mjs'));
const sources = sourceCache(
  (uri) => documents.get(uri),
  () => roots,
  parser,
);
const recordings = recorder(plateau, __dirname, () => roots);
const heapRecordings = heapRecorder(
  plateau,
  __dirname,
  () => roots,
  (found) => void takeHunt(found),
);

const hover = latestHover(connection);
let roots: string[] = [];
let settings: Settings = defaultSettings;
let isExtension = false;
let tellsFolders = false;
/** What the client asks for anew when it is told to; others ask again by themselves. */
let refreshes = { inlayHints: false, codeLenses: false };
/** The profile that is taken up at the start; what is asked before waits for it. */
let starting: Promise<unknown> = Promise.resolve();
let active: OpenedProfile | undefined;
/** What the last leak hunt found. */
let hunted: FindingSource | undefined;
let initialProfile: string | undefined;
/** Where the client keeps slabs: what was opened before is read from there. */
let slabs: string | undefined;
let hasVersions = false;

const showDiagnostics = diagnosticsPublisher((uri, diagnostics) => ui.publish(uri, diagnostics));
const profiles = profileStore(profileWorkers(__dirname), { requests, roots: () => roots, thresholds: () => thresholdsOf(settings) });
const scanner = patternScanner(__dirname);
const ownRules = ruleFiles({
  scanner,
  roots: () => roots,
  openText: (file) => documents.get(uriOfFile(file))?.getText(),
  publish: ui.publish,
  changed: () => void lookAgain(),
});
const findings = findingStore({
  roots: () => roots,
  sources,
  searches: [patternSearch({ partsFolder: __dirname, scanner, rules: () => ownRules.rules(), sources, settings: () => settings, ui }), searchBaseline],
  ignoredRules: () => settings.ignoredRules,
  warn: (message) => ui.showWarning(message),
});
answerFindings(plateau, { profiles, store: findings, sources, roots: () => roots, hunted: () => hunted });
answerProfiles(plateau, {
  profiles,
  findings,
  sources,
  requests,
  roots: () => roots,
  bundleFolder: __dirname,
  onStorage(folder) {
    slabs = folder;
  },
  warn: (message) => ui.showWarning(message),
});
answerRecipes(plateau, parser, requests, { roots: () => roots, bundleFolder: __dirname });
answerEditor(ui, plateau, {
  documents,
  sources,
  findings,
  parser,
  now: {
    get active() {
      return active;
    },
    get hunted() {
      return hunted;
    },
    get settings() {
      return settings;
    },
    get isExtension() {
      return isExtension;
    },
    get hasVersions() {
      return hasVersions;
    },
    get starting() {
      return starting;
    },
  },
});
findings.onDidChange((profile) => {
  plateau.notify('plateau/findingsChanged', { file: profile.file });
  if (profile === active || profile === hunted) refresh();
});

const heaps = heapRequests(plateau, path.join(__dirname, 'heap-worker.mjs'), () => roots);

async function takeHunt(found: FindingSource): Promise<void> {
  hunted = found;
  await findings.load(found);
  plateau.notify('plateau/findingsChanged', { file: found.file });
  publishDiagnostics();
}

/** What is wider than in an earlier recording of the same recipe, where there is one. */
async function searchBaseline(profile: OpenedProfile, { signal }: { readonly signal: AbortSignal }): Promise<readonly ReportedFinding[]> {
  const open = async (file: string): Promise<OpenedProfile | undefined> => {
    const earlier = await profiles.open(file, { signal, storage: slabs });
    return earlier.ok ? earlier.value : undefined;
  };
  return baselineFindings(profile, thresholdsOf(settings), open, (folder) => requests.recordings(folder, roots));
}

connection.onInitialize((params: InitializeParams) => {
  roots = (params.workspaceFolders ?? []).flatMap(({ uri }) => fileOfUri(uri) ?? []);
  if (roots.length === 0 && params.rootUri) roots = [fileOfUri(params.rootUri) ?? []].flat();
  const options = (params.initializationOptions ?? {}) as { isExtension?: boolean; profile?: string; storage?: string };
  isExtension = options.isExtension === true;
  tellsFolders = params.capabilities.workspace?.workspaceFolders === true;
  refreshes = {
    inlayHints: params.capabilities.workspace?.inlayHint?.refreshSupport === true,
    codeLenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
  };
  hasVersions = params.capabilities.workspace?.workspaceEdit?.documentChanges === true;
  settings = readSettings(options);
  initialProfile = typeof options.profile === 'string' ? options.profile : undefined;
  if (typeof options.storage === 'string') slabs = options.storage;
  return {
    serverInfo: { name: 'plateau' },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: hover.isStatic(isExtension, params.capabilities),
      inlayHintProvider: true,
      codeLensProvider: {},
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
      ...(isExtension ? {} : { executeCommandProvider: { commands: ['plateau.openProfile', SET_STATUS] } }),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
});

connection.onInitialized(() => {
  if (tellsFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = new Set(removed.map(({ uri }) => fileOfUri(uri)));
      roots = [...roots.filter((root) => !gone.has(root)), ...added.flatMap(({ uri }) => fileOfUri(uri) ?? [])];
    });
  }
  ownRules.reload();
  if (isExtension) return;
  starting = takeUpProfile();
});

async function takeUpProfile(): Promise<void> {
  const file = initialProfile ?? (await newestRecording());
  if (file === undefined) return;
  const answer = await activate(file);
  if (answer && 'failed' in answer) ui.showFailure(answer.failed);
}

connection.onDidChangeConfiguration(async ({ settings: given }) => {
  const before = rulesOf(settings);
  settings = readSettings((given as { plateau?: unknown } | undefined)?.plateau, settings);
  if (before !== rulesOf(settings)) await lookAgain();
  refresh();
});

/** Opens the active profile anew: what findings depend on has changed. */
async function lookAgain(): Promise<void> {
  profiles.forget();
  if (active) await activate(active.file);
}

/** What of the settings findings depend on. */
const rulesOf = (of: Settings): string => JSON.stringify([thresholdsOf(of), of.ignoredRules]);

connection.onExecuteCommand(async ({ command, arguments: args }) => {
  if (command === SET_STATUS && active) {
    const [, id, to] = (args ?? []) as unknown[];
    const status = findingStatuses.find((one) => one === to);
    if (typeof id !== 'string' || !status) return null;
    const done = await findings.setStatus(active, [id], status);
    if (!done.ok) ui.showFailure(describeStatesIssue(done.error));
    return null;
  }
  if (command !== 'plateau.openProfile' || typeof args?.[0] !== 'string') return null;
  return activate(args[0]);
});

/** What was decided about findings may be changed by git, or in another window. */
connection.onDidChangeWatchedFiles(({ changes }) => {
  const isRules = changes.map(({ uri }) => isRulesFile(fileOfUri(uri) ?? ''));
  if (isRules.includes(true)) ownRules.reload();
  if (isRules.includes(false)) void findings.reread();
});

/**
 * Editors merge what happens to a file within moments: one that is deleted right after it
 * was written may never be told of. So what was read is looked at now and then.
 */
const looking = setInterval(() => void Promise.all([ownRules.look(), findings.look()]).catch(() => {}), 2000); // the next look tries again
looking.unref();

async function newestRecording(): Promise<string | undefined> {
  for (const root of roots) {
    const [newest] = await requests.recordings(path.join(root, '.plateau', 'profiles'), roots);
    if (newest) return newest.file;
  }
  return undefined;
}

async function activate(file: string | undefined): Promise<ActiveProfileDto | Failure | undefined> {
  if (file === undefined) {
    active = undefined;
    refresh();
    return undefined;
  }
  const opened = await profiles.open(file, { storage: slabs });
  if (!opened.ok) return { failed: `${file}: ${describeProfileIssue(opened.error)}` };
  if (active?.file !== file) sources.forgetBaselines();
  active = opened.value;
  await findings.load(active);
  await hover.renew();
  refresh();
  const { info, totals, threads } = active;
  const [only] = threads?.shown ?? [];
  const thread = threads && only !== undefined ? ` · ${threads.shown.length > 1 ? plural(threads.shown.length, 'thread') : threads.all[only]?.name}` : '';
  return { file, title: `${info?.title ?? path.basename(file)}${thread}`, active: totals.active, unit: active.tables.unit, recordedAt: info?.recordedAt };
}

/** Tells the client that everything it shows of the active profile may have changed. */
function refresh(): void {
  plateau.notify('plateau/annotationsChanged', {});
  publishDiagnostics();
  // A client that is going away answers no more.
  if (refreshes.inlayHints) connection.languages.inlayHint.refresh().catch(() => {});
  if (refreshes.codeLenses) connection.sendRequest('workspace/codeLens/refresh').catch(() => {});
}

function publishDiagnostics(): void {
  const context = { sources, isExtension, docs: path.join(__dirname, '..') };
  showDiagnostics([active, hunted].flatMap((one) => (one ? [diagnosticsOf(one, findings.of(one), context)] : [])));
}

const pending = new Map<string, NodeJS.Timeout>();
documents.onDidChangeContent(({ document }) => {
  const file = fileOfUri(document.uri);
  if (file) ownRules.edited(file);
  const shown = [active?.sources.file(file ?? '') ? active : undefined, hunted?.info?.sources[file ?? ''] ? hunted : undefined];
  if (!file || shown.every((one) => one === undefined)) return;
  clearTimeout(pending.get(document.uri));
  pending.set(
    document.uri,
    setTimeout(() => {
      pending.delete(document.uri);
      plateau.notify('plateau/annotationsChanged', {});
      publishDiagnostics();
      // Places have moved, and a comment may silence one.
      for (const one of shown) if (one) plateau.notify('plateau/findingsChanged', { file: one.file });
    }, 150),
  );
});

documents.onDidClose(({ document }) => ownRules.edited(fileOfUri(document.uri) ?? ''));
/** Clients that do not watch files save them, too. */
documents.onDidSave(({ document }) => {
  if (isRulesFile(fileOfUri(document.uri) ?? '')) ownRules.reload();
});

plateau.onRequest('plateau/setActive', ({ file }) => activate(file));

plateau.onRequest('plateau/record', (params) => recordings.run(params));
plateau.onRequest('plateau/recordHeap', (params) => heapRecordings.record(params));
plateau.onRequest('plateau/hunt', (params) => heapRecordings.hunt(params));
plateau.onNotification('plateau/huntNext', ({ token }) => heapRecordings.next(token));
plateau.onRequest('plateau/doctor', ({ file }) => doctorDto(file, roots, requests));
plateau.onNotification('plateau/recordStop', ({ token, keep }) => {
  recordings.stop(token, keep);
  heapRecordings.stop(token, keep);
});

connection.onShutdown(async () => {
  clearInterval(looking);
  heaps.dispose();
  parser.dispose();
  profiles.dispose();
  requests.dispose();
  await Promise.all([recordings.dispose(), heapRecordings.dispose()]);
});

documents.listen(connection);
connection.listen();
