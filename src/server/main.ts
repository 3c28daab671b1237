/** The language server's entry point: `node server.cjs --stdio`, or started by the extension. */
import os from 'node:os';
import path from 'node:path';
import {
  CodeActionKind,
  createConnection,
  type Diagnostic,
  type InitializeParams,
  type InlayHint,
  ProposedFeatures,
  type Range,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { listNodeProcesses } from '../capture/attach';
import type { ActiveProfileDto, Failure, Settings } from '../protocol/lsp';
import { withOpenFindings } from '../service/all-findings';
import { baselineFindings } from '../service/baseline-findings';
import { describeExportIssue, describeProfileIssue, describeStatesIssue } from '../service/describe-issue';
import { exportFormat, exportFormats, exportPath } from '../service/export-formats';
import { exportProfile } from '../service/export-profile';
import type { FindingSource } from '../service/finding-source';
import type { OpenedProfile } from '../service/opened-profile';
import { isRulesFile } from '../service/own-rules';
import { patternScanner } from '../service/pattern-scanner';
import { listRecordings, readInfo, renameRecording } from '../service/recordings';
import { version } from '../service/version';
import { functionIndex } from '../shared/brands';
import { findingStatuses, levelWords, type TrackedFinding } from '../shared/finding-status';
import { formatCost, formatShare } from '../shared/format';
import type { ReportedFinding } from '../shared/reported-finding';
import { checkArguments, functionAtOffset, parseFunctions } from '../source/parse-functions';
import { annotateFile } from './annotate';
import { codeActions, SET_STATUS } from './code-actions';
import { plateauConnection } from './connection';
import { diagnosticsOf } from './diagnostics';
import { doctorDto } from './doctor';
import { findingDtos } from './finding-dto';
import { holds, rangeNow } from './finding-places';
import { answerFindings } from './finding-requests';
import { findingStore } from './findings';
import { functionUnder, profiledLines, rowOfFunction } from './functions-at';
import { heapRecorder } from './heap-recorder';
import { heapRequests } from './heaps';
import { hoverText } from './hover';
import { functionLinesDto, openedDto, recordingDto } from './opened-dto';
import { patternSearch } from './pattern-search';
import { profileStore } from './profiles';
import { recorder } from './recorder';
import { ruleFiles } from './rule-files';
import { defaultSettings, readSettings, thresholdsOf } from './settings';
import { fileOfUri, sourceCache, uriOfFile } from './sources';
import { writeForSpeedscope } from './speedscope-file';

const connection = createConnection(ProposedFeatures.all);
const plateau = plateauConnection(connection);
const documents = new TextDocuments(TextDocument);
const sources = sourceCache((uri) => documents.get(uri));
const recordings = recorder(plateau, __dirname);
const heapRecordings = heapRecorder(
  plateau,
  __dirname,
  () => roots,
  (found) => void takeHunt(found),
);

let roots: string[] = [];
let settings: Settings = defaultSettings;
/** Whether the client runs Plateau's commands, as VS Code with the extension does. */
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
let published = new Set<string>();
/** Where the client keeps slabs: earlier recordings are read from there. */
let slabs: string | undefined;
/** Whether the client takes edits that name a document's version. */
let hasVersions = false;

const profiles = profileStore(path.join(__dirname, 'profile-worker.mjs'), { roots: () => roots, thresholds: () => thresholdsOf(settings) });
const scanner = patternScanner(__dirname);
const ownRules = ruleFiles({
  scanner,
  roots: () => roots,
  openText: (file) => documents.get(uriOfFile(file))?.getText(),
  publish: (uri, diagnostics) => void connection.sendDiagnostics({ uri, diagnostics }),
  changed: () => void lookAgain(),
});
const findings = findingStore({
  roots: () => roots,
  sources,
  searches: [patternSearch({ partsFolder: __dirname, scanner, rules: () => ownRules.rules(), sources, settings: () => settings, connection }), searchBaseline],
  ignoredRules: () => settings.ignoredRules,
  warn: (message) => connection.window.showWarningMessage(message),
});
answerFindings(plateau, { profiles, store: findings, sources, roots: () => roots, hunted: () => hunted });
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
  return baselineFindings(profile, thresholdsOf(settings), async (file) => {
    const earlier = await profiles.open(file, { signal, storage: slabs });
    return earlier.ok ? earlier.value : undefined;
  });
}

connection.onInitialize((params: InitializeParams) => {
  roots = (params.workspaceFolders ?? []).flatMap(({ uri }) => fileOfUri(uri) ?? []);
  if (roots.length === 0 && params.rootUri) roots = [fileOfUri(params.rootUri) ?? []].flat();
  const options = (params.initializationOptions ?? {}) as { isExtension?: boolean; profile?: string };
  isExtension = options.isExtension === true;
  tellsFolders = params.capabilities.workspace?.workspaceFolders === true;
  refreshes = {
    inlayHints: params.capabilities.workspace?.inlayHint?.refreshSupport === true,
    codeLenses: params.capabilities.workspace?.codeLens?.refreshSupport === true,
  };
  hasVersions = params.capabilities.workspace?.workspaceEdit?.documentChanges === true;
  settings = readSettings(options);
  initialProfile = typeof options.profile === 'string' ? options.profile : undefined;
  return {
    serverInfo: { name: 'plateau' },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      hoverProvider: true,
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
  if (answer && 'failed' in answer) connection.window.showErrorMessage(answer.failed);
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
    if (!done.ok) connection.window.showErrorMessage(describeStatesIssue(done.error));
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

async function newestRecording(): Promise<string | undefined> {
  for (const root of roots) {
    const [newest] = await listRecordings(path.join(root, '.plateau', 'profiles'));
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
  const opened = await profiles.open(file);
  if (!opened.ok) return { failed: `${file}: ${describeProfileIssue(opened.error)}` };
  if (active?.file !== file) sources.forgetBaselines();
  active = opened.value;
  await findings.load(active);
  refresh();
  const { info, totals } = active;
  return { file, title: info?.title ?? path.basename(file), active: totals.active, unit: active.tables.unit, recordedAt: info?.recordedAt };
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
  const found = active ? diagnosticsOf(active, findings.of(active), context) : new Map<string, Diagnostic[]>();
  const ofHunt = hunted ? diagnosticsOf(hunted, findings.of(hunted), context) : new Map<string, Diagnostic[]>();
  for (const [file, list] of ofHunt) found.set(file, [...(found.get(file) ?? []), ...list]);
  const files = new Set<string>(found.keys());
  for (const file of published) if (!files.has(file)) connection.sendDiagnostics({ uri: uriOfFile(file), diagnostics: [] });
  for (const [file, diagnostics] of found) connection.sendDiagnostics({ uri: uriOfFile(file), diagnostics });
  published = files;
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

connection.onHover(async ({ textDocument, position }) => {
  await starting;
  const file = fileOfUri(textDocument.uri);
  const document = documents.get(textDocument.uri);
  const costs = file && active?.sources.file(file);
  const source = file ? sources.text(file) : undefined;
  if (!active || !document || !file || !costs || !source) return null;
  const toProfiled = profiledLines(sources.aligned(active, file));
  const line = toProfiled(position.line);
  const cost = costs.lines.get(line + 1);
  const under = functionUnder(active, costs, source, document.offsetAt(position), toProfiled);
  const onName = under && under.target.nameLine === position.line;
  if (!under || line < 0 || (!cost && !onName)) return null;
  // VS Code puts the diagnostics at the position into the same hover.
  const profile = active;
  const isShownAbove = ({ finding: { place } }: TrackedFinding): boolean => {
    const range = place && fileOfUri(textDocument.uri) === place.file ? rangeNow(profile, place, sources) : undefined;
    return isExtension && range !== undefined && holds(range, position);
  };
  const told = findings.of(active).filter((one) => !isShownAbove(one));
  const value = hoverText(active, told, under.func, cost && { number: position.line + 1, cost }, isExtension);
  return { contents: { kind: 'markdown', value } };
});

connection.onCodeAction(async (params) => {
  await starting;
  const { uri } = params.textDocument;
  const file = fileOfUri(uri);
  const document = documents.get(uri);
  if (!document || !file) return [];
  const context = { document, file, store: findings, sources, isExtension, hasVersions };
  return [active, hunted].flatMap((profile) => (profile ? codeActions(params, { ...context, profile, tracked: findings.of(profile) }) : []));
});

connection.languages.inlayHint.on(async ({ textDocument, range }) => {
  await starting;
  if (!settings.inlayHints) return [];
  const document = documents.get(textDocument.uri);
  const { annotations } = annotationsOf(textDocument.uri);
  return annotations
    .filter(({ line }) => line >= range.start.line && line <= range.end.line)
    .map(({ line, text }): InlayHint => ({ position: { line, character: lineLength(document, line) }, label: text, paddingLeft: true }));
});

function lineLength(document: TextDocument | undefined, line: number): number {
  if (!document) return 0;
  const end = { line: line + 1, character: 0 };
  return document.getText({ start: { line, character: 0 }, end }).replace(/[\r\n]+$/, '').length;
}

connection.onCodeLens(async ({ textDocument }) => {
  await starting;
  const file = fileOfUri(textDocument.uri);
  const source = file ? sources.text(file) : undefined;
  if (!file || !source || !(settings.runLenses || settings.costLenses)) return [];
  const costs = active?.sources.file(file);
  const toProfiled = profiledLines(active && costs ? sources.aligned(active, file) : undefined);
  return source.functions.flatMap((target) => {
    if (target.name === '') return [];
    const range: Range = { start: { line: target.nameLine, character: target.nameColumn }, end: { line: target.nameLine, character: target.nameEndColumn } };
    const func = active && costs ? rowOfFunction(active, costs, target, source.functions, toProfiled) : undefined;
    const lenses = [];
    if (settings.runLenses && isExtension)
      lenses.push({
        range,
        command: { title: 'Profile', command: 'plateau.profileFunction', arguments: [textDocument.uri, target.nameLine, target.nameColumn] },
      });
    if (settings.costLenses && active && func !== undefined) {
      const { costs: all, totals } = active;
      const total = all.total[func] as number;
      const { unit } = active.tables;
      const title = `${formatCost(total, unit)} total · ${formatShare(total / totals.active)} · self ${formatCost(all.self[func] as number, unit)}`;
      lenses.push({ range, command: { title, command: isExtension ? 'plateau.revealFrame' : '', arguments: [active.file, func] } });
      const [loudest] = findings
        .of(active)
        .filter(({ status, finding }) => status === 'open' && finding.place?.file === file && finding.functions.includes(func));
      if (loudest) {
        const { id, level, title: what, share } = loudest.finding;
        const ref = { file: active.file, id };
        lenses.push({
          range,
          command: { title: `${levelWords[level]}: ${what} · ${formatShare(share)}`, command: isExtension ? 'plateau.findings.show' : '', arguments: [ref] },
        });
      }
    }
    return lenses;
  });
});

function annotationsOf(uri: string): ReturnType<typeof annotateFile> {
  const file = fileOfUri(uri);
  const costs = file && active?.sources.file(file);
  const source = file ? sources.text(file) : undefined;
  if (!active || !file || !costs || !source) return { annotations: [], isStale: false };
  return annotateFile(active, costs, sources.aligned(active, file), source.functions, settings.lineThreshold / 100);
}

plateau.onRequest('plateau/open', async ({ file, storage, select }, signal) => {
  slabs = storage;
  if (select !== undefined) profiles.choose(file, select);
  const opened = await profiles.open(file, {
    signal,
    storage,
    select,
    onProgress: (read, size) => plateau.notify('plateau/openProgress', { file, read, size }),
  });
  if (!opened.ok) return { failed: describeProfileIssue(opened.error), ...(opened.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
  try {
    await findings.load(opened.value);
    const listed = findingDtos(opened.value, findings.of(opened.value), roots, sources);
    return openedDto(opened.value, listed, await profiles.slabFile(opened.value, storage), profiles.content(opened.value));
  } catch (error) {
    return { failed: `The prepared profile could not be written to ${storage}: ${(error as Error).message}. Free some disk space and try again.` };
  }
});

plateau.onRequest('plateau/exportFormats', ({ file }) =>
  exportFormats.map((format) => {
    const { name, label, description, extension, opensIn } = format;
    return { name, label, description, extension, opensIn, out: exportPath(file, format) };
  }),
);

plateau.onRequest('plateau/export', async ({ file, format: name, out }, signal) => {
  const format = exportFormat(name);
  if (!format) return { failed: `There is no format "${name}". Update Plateau, or choose another.` };
  const opened = await profiles.open(file, { signal, onProgress: (read, size) => plateau.notify('plateau/openProgress', { file, read, size }) });
  if (!opened.ok) return { failed: `${file}: ${describeProfileIssue(opened.error)}`, ...(opened.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
  if (format.hasFindings) {
    await findings.load(opened.value);
    await findings.settled(opened.value);
  }
  const context = { bundleFolder: __dirname, version, roots };
  const done = await exportProfile(withOpenFindings(opened.value, findings.of(opened.value)), format, { out, overwrite: true, signal }, context);
  if (done.ok) return { bytes: done.value };
  return { failed: describeExportIssue(done.error), ...(done.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
});

plateau.onRequest('plateau/setActive', ({ file }) => activate(file));

plateau.onRequest('plateau/place', async ({ file, func, select }) => {
  const opened = await profiles.open(file, { select });
  const place = opened.ok ? opened.value.sources.place(functionIndex(func)) : undefined;
  if (!opened.ok || !place?.exists) return place;
  const aligned = sources.aligned(opened.value, place.file);
  const line = aligned ? (aligned[place.line - 1] ?? -1) : place.line - 1;
  return line < 0 ? place : { ...place, line: line + 1 };
});

plateau.onRequest('plateau/speedscope', async ({ file, storage, select }) => {
  const opened = await profiles.open(file, { select });
  if (!opened.ok) return { failed: describeProfileIssue(opened.error) };
  try {
    return { path: await writeForSpeedscope(opened.value, storage) };
  } catch (error) {
    return { failed: `The profile could not be prepared for speedscope in ${storage}: ${(error as Error).message}. Free some disk space and try again.` };
  }
});

plateau.onRequest('plateau/functionLines', async ({ file, func, isWhole, select }) => {
  const opened = await profiles.open(file, { select });
  return opened.ok ? functionLinesDto(opened.value, functionIndex(func), sources, isWhole) : { func, place: undefined, rows: [] };
});

plateau.onRequest('plateau/functionAt', ({ file, text, offset }) => {
  const functions = parseFunctions(text, file);
  if (!functions) return { failed: 'The file has a syntax error, so its functions cannot be found. Correct it and try again.' };
  const found = functionAtOffset(functions, offset);
  if (!found) return { failed: 'The cursor is not in a function. Put it in the function to profile, or run "Plateau: Profile Active File".' };
  const { name, kind, v8Line, v8Column, nameLine, nameColumn, nameEndColumn, exported } = found;
  return { file, name, kind, line: v8Line + 1, column: v8Column + 1, nameRange: [nameLine, nameColumn, nameEndColumn], exported };
});

plateau.onRequest('plateau/frameAt', ({ uri, line, character }) => {
  const file = fileOfUri(uri);
  const costs = file && active?.sources.file(file);
  const source = file ? sources.text(file) : undefined;
  const document = documents.get(uri);
  if (!active || !costs || !source || !document) return undefined;
  const under = functionUnder(active, costs, source, document.offsetAt({ line, character }), profiledLines(sources.aligned(active, file)));
  return under && { file: active.file, func: under.func };
});

plateau.onRequest('plateau/annotations', ({ uri }) => annotationsOf(uri));
plateau.onRequest('plateau/checkArguments', ({ text }) => {
  const checked = checkArguments(text);
  return { message: checked.ok ? undefined : `${checked.message} (column ${checked.column})` };
});
plateau.onRequest('plateau/nodeProcesses', async () => {
  const found = await listNodeProcesses([process.pid, process.ppid]);
  return found.map(({ pid, command }) => ({ pid, command: command.replace(os.homedir(), '~') }));
});
plateau.onRequest('plateau/recordings', async ({ folder }) => (await listRecordings(folder)).map(recordingDto));
plateau.onRequest('plateau/recipe', async ({ file }) => {
  const info = await readInfo(file);
  return info && { recipe: info.recipe, focus: info.focus };
});
plateau.onRequest('plateau/rename', async ({ file, title }) => {
  const done = await renameRecording(file, title);
  profiles.forget();
  return done;
});
plateau.onRequest('plateau/record', (params) => recordings.run(params));
plateau.onRequest('plateau/recordHeap', (params) => heapRecordings.record(params));
plateau.onRequest('plateau/hunt', (params) => heapRecordings.hunt(params));
plateau.onNotification('plateau/huntNext', ({ token }) => heapRecordings.next(token));
plateau.onRequest('plateau/doctor', ({ file }) => doctorDto(file, roots));
plateau.onNotification('plateau/recordStop', ({ token, keep }) => {
  recordings.stop(token, keep);
  heapRecordings.stop(token, keep);
});

connection.onShutdown(async () => {
  heaps.dispose();
  await Promise.all([recordings.dispose(), heapRecordings.dispose()]);
});

documents.listen(connection);
connection.listen();
