import type { CodeLens, InlayHint, Range, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Settings } from '../protocol/lsp';
import type { FindingSource } from '../service/findings/finding-source';
import type { OpenedProfile } from '../service/profile/opened-profile';
import type { SourceParser } from '../service/support/source-parser';
import { levelWords, type TrackedFinding } from '../shared/finding-status';
import { formatCost, formatShare } from '../shared/format';
import type { SourceFunction } from '../source/parse/parse-functions';
import { annotateFile } from './annotate';
import type { ClientUi } from './client-ui';
import type { PlateauConnection } from './connection';
import { codeActions } from './findings/code-actions';
import { holds, rangeNow } from './findings/finding-places';
import type { FindingStore } from './findings/findings';
import { functionUnder, profiledLines, rowFinder } from './functions-at';
import { hoverText, shortHover } from './hover';
import { fileOfUri, type SourceCache, type SourceText } from './sources';

/** What the server shows beside code, as it is at the moment. */
export interface Shown {
  readonly active: OpenedProfile | undefined;
  /** What the last leak hunt found. */
  readonly hunted: FindingSource | undefined;
  readonly settings: Settings;
  /** Whether the client runs Plateau's commands, as VS Code with the extension does. */
  readonly isExtension: boolean;
  /** Whether the client takes edits that name a document's version. */
  readonly hasVersions: boolean;
  /** What is asked before the first profile is taken up waits for it. */
  readonly starting: Promise<unknown>;
}

interface EditorContext {
  readonly documents: TextDocuments<TextDocument>;
  readonly sources: SourceCache;
  readonly findings: FindingStore;
  readonly parser: Pick<SourceParser, 'isComment'>;
  readonly now: Shown;
}

/** Lenses above so many functions are more than an editor shows. */
const MOST_LENSES = 5000;

/** Answers what editors ask about a document: hover, code actions, inlay hints, code lenses. */
export function answerEditor(ui: ClientUi, plateau: PlateauConnection, { documents, sources, findings, parser, now }: EditorContext): void {
  /** The text with its functions; of a file that a profile knows nothing of they are not looked for. */
  const textOf = async (file: string | undefined): Promise<SourceText | undefined> =>
    file !== undefined && now.active?.sources.file(file) ? sources.text(file) : undefined;

  const annotationsOf = async (uri: string): Promise<ReturnType<typeof annotateFile>> => {
    const file = fileOfUri(uri);
    const source = await textOf(file);
    const { active } = now;
    const costs = file && active?.sources.file(file);
    if (!active || !file || !costs || !source) return { annotations: [], isStale: false };
    return annotateFile(active, costs, sources.aligned(active, file), source.functions, now.settings.lineThreshold / 100);
  };

  ui.onHover(async ({ textDocument, position }) => {
    await now.starting;
    const file = fileOfUri(textDocument.uri);
    const source = await textOf(file);
    const { active, isExtension } = now;
    const document = documents.get(textDocument.uri);
    const costs = file && active?.sources.file(file);
    if (!active || !document || !file || !costs || !source) return undefined;
    const toProfiled = profiledLines(sources.aligned(active, file));
    const line = toProfiled(position.line);
    const cost = costs.lines.get(line + 1);
    const under = functionUnder(active, costs, source, document.offsetAt(position), toProfiled);
    const onName = under && under.target.nameLine === position.line;
    if (!under || line < 0 || (!cost && !onName)) return undefined;
    // VS Code puts the diagnostics at the position into the same hover.
    const profile = active;
    const isShownAbove = ({ finding: { place } }: TrackedFinding): boolean => {
      const range = place && fileOfUri(textDocument.uri) === place.file ? rangeNow(profile, place, sources) : undefined;
      return isExtension && range !== undefined && holds(range, position);
    };
    const told = findings.of(active).filter((one) => !isShownAbove(one));
    const row = cost && { number: position.line + 1, cost };
    // The costs stand behind the line, or before it: there all is told. Over code, TypeScript's own hover comes next.
    const isOnCost = position.character === 0 || position.character >= lineLength(document, position.line);
    return isExtension && !isOnCost ? shortHover(active, told, under.func, row) : hoverText(active, told, under.func, row, isExtension);
  });

  ui.onCodeAction(async (params) => {
    await now.starting;
    const { active, hunted, isExtension, hasVersions } = now;
    const { uri } = params.textDocument;
    const file = fileOfUri(uri);
    const document = documents.get(uri);
    if (!document || !file) return [];
    const context = { document, file, store: findings, sources, parser, isExtension, hasVersions };
    const found = await Promise.all(
      [active, hunted].map(async (profile) => (profile ? codeActions(params, { ...context, profile, tracked: findings.of(profile) }) : [])),
    );
    return found.flat();
  });

  ui.onInlayHint(async ({ textDocument, range }) => {
    await now.starting;
    if (!now.settings.inlayHints) return [];
    const document = documents.get(textDocument.uri);
    const { annotations } = await annotationsOf(textDocument.uri);
    return annotations
      .filter(({ line }) => line >= range.start.line && line <= range.end.line)
      .map(({ line, text }): InlayHint & { readonly label: string } => ({
        position: { line, character: lineLength(document, line) },
        label: text,
        paddingLeft: true,
      }));
  });

  /** What a function costs, and the loudest that is open about it. */
  const costLenses = (profile: OpenedProfile, func: number, loudest: TrackedFinding | undefined, range: Range): CodeLens[] => {
    const { costs, totals, tables } = profile;
    const command = (name: string): string => (now.isExtension ? name : '');
    const total = costs.total[func] as number;
    const cost = (value: number): string => formatCost(value, tables.unit);
    const title = `${cost(total)} total · ${formatShare(total / totals.active)} · self ${cost(costs.self[func] as number)}`;
    const lens: CodeLens = { range, command: { title, command: command('plateau.revealFrame'), arguments: [profile.file, func] } };
    if (!loudest) return [lens];
    const { id, level, title: what, share } = loudest.finding;
    const about = `${levelWords[level]}: ${what} · ${formatShare(share)}`;
    return [lens, { range, command: { title: about, command: command('plateau.findings.show'), arguments: [{ file: profile.file, id }] } }];
  };

  ui.onCodeLens(async ({ textDocument }) => {
    await now.starting;
    const { runLenses, costLenses: hasCosts } = now.settings;
    const file = fileOfUri(textDocument.uri);
    if (!file || !(runLenses || hasCosts)) return [];
    const source = await sources.text(file);
    const { active, isExtension, settings } = now;
    if (!source) return [];
    const costs = active?.sources.file(file);
    const toProfiled = profiledLines(active && costs ? sources.aligned(active, file) : undefined);
    const rowOf = active && costs ? rowFinder(active, costs, source.functions, toProfiled) : undefined;
    const open = new Map<number, TrackedFinding>();
    for (const one of settings.costLenses && active ? findings.of(active) : []) {
      const { place, functions } = one.finding;
      if (one.status === 'open' && place?.file === file) for (const func of functions) if (!open.has(func)) open.set(func, one);
    }
    return source.functions.slice(0, MOST_LENSES).flatMap((target) => {
      if (target.name === '') return [];
      const range = nameRange(target);
      const func = rowOf?.(target);
      return [
        ...(settings.runLenses && isExtension ? [runLens(target, textDocument.uri)] : []),
        ...(settings.costLenses && active && func !== undefined ? costLenses(active, func, open.get(func), range) : []),
      ];
    });
  });

  plateau.onRequest('plateau/frameAt', async ({ uri, line, character }) => {
    const file = fileOfUri(uri);
    const source = await textOf(file);
    const { active } = now;
    const costs = file && active?.sources.file(file);
    const document = documents.get(uri);
    if (!active || !costs || !source || !document) return undefined;
    const under = functionUnder(active, costs, source, document.offsetAt({ line, character }), profiledLines(sources.aligned(active, file)));
    return under && { file: active.file, func: under.func };
  });

  plateau.onRequest('plateau/annotations', ({ uri }) => annotationsOf(uri));
}

const nameRange = ({ nameLine: line, nameColumn, nameEndColumn }: SourceFunction): Range => ({
  start: { line, character: nameColumn },
  end: { line, character: nameEndColumn },
});

const runLens = (target: SourceFunction, uri: string): CodeLens => ({
  range: nameRange(target),
  command: { title: 'Profile', command: 'plateau.profileFunction', arguments: [uri, target.nameLine, target.nameColumn] },
});

function lineLength(document: TextDocument | undefined, line: number): number {
  if (!document) return 0;
  const end = { line: line + 1, character: 0 };
  return document.getText({ start: { line, character: 0 }, end }).replace(/[\r\n]+$/, '').length;
}
