import * as vscode from 'vscode';
import type { AnnotationLevel } from '../../protocol/lsp';
import type { ActiveProfile } from '../active-profile';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { showInfo } from '../ui';
import { costColumn, hasColumn } from './cost-column';

const levels: readonly AnnotationLevel[] = ['quiet', 'warm', 'hot'];
const HEAT_STEPS = 5;

/** Draws the cost of lines beside them: text after the line, a heat bar in the margin, marks in the overview ruler. */
export function decorateEditors(context: vscode.ExtensionContext, server: Server, active: ActiveProfile): vscode.Disposable {
  const costs = Object.fromEntries(levels.map((level) => [level, costDecoration(level)])) as Record<AnnotationLevel, vscode.TextEditorDecorationType>;
  const column = costColumn();
  const bars = Array.from({ length: HEAT_STEPS }, (_, step) => barDecoration(context.extensionUri, step));
  const told = new Set<string>();
  let generation = 0;

  const update = async (editor: vscode.TextEditor): Promise<void> => {
    const { document } = editor;
    const asked = ++generation;
    const isShown = active.current !== undefined && !active.isHidden && document.uri.scheme === 'file';
    const { annotations, isStale } = isShown
      ? await server.request('plateau/annotations', { uri: document.uri.toString() })
      : { annotations: [], isStale: false };
    if (asked < generation - 200 || !vscode.window.visibleTextEditors.includes(editor)) return;
    const text = readSetting('annotations.text');
    const isBefore = text && hasColumn(readSetting('annotations.column'), annotations.length);
    column.show(editor, isBefore ? annotations : []);
    for (const level of levels) {
      const own = text ? annotations.filter((one) => one.level === level && one.line < document.lineCount) : [];
      editor.setDecorations(
        costs[level],
        own.map(({ line, text: whole, rest }) => ({ range: endOfLine(document, line), renderOptions: { after: { contentText: isBefore ? rest : whole } } })),
      );
    }
    bars.forEach((bar, step) => {
      const own = annotations.filter(({ heat, line }) => heat === step && line < document.lineCount);
      editor.setDecorations(
        bar,
        own.map(({ line }) => new vscode.Range(line, 0, line, 0)),
      );
    });
    if (isStale) tellOnce(document);
  };

  const tellOnce = (document: vscode.TextDocument): void => {
    const key = `${active.current?.file}\0${document.uri.toString()}`;
    if (told.has(key)) return;
    told.add(key);
    const name = vscode.workspace.asRelativePath(document.uri);
    void showInfo(`${name} has changed since it was profiled. Lines that changed show no cost any more.`, 'Profile Again', 'Hide Costs').then((choice) => {
      if (choice === 'Profile Again') void vscode.commands.executeCommand('plateau.profileAgain', active.current?.file);
      if (choice === 'Hide Costs') void active.setHidden(true);
    });
  };

  const updateAll = (): void => {
    for (const editor of vscode.window.visibleTextEditors) void update(editor);
  };
  return vscode.Disposable.from(
    ...Object.values(costs),
    ...bars,
    column,
    vscode.window.tabGroups.onDidChangeTabGroups(updateAll),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) column.follow(editor, contentChanges);
    }),
    active.onDidChange(updateAll),
    server.on('plateau/annotationsChanged', updateAll),
    vscode.window.onDidChangeVisibleTextEditors(updateAll),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plateau.annotations')) updateAll();
    }),
  );
}

const endOfLine = (document: vscode.TextDocument, line: number): vscode.Range => {
  const { end } = document.lineAt(line).range;
  return new vscode.Range(end, end);
};

function costDecoration(level: AnnotationLevel): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 3ch', color: new vscode.ThemeColor(`plateau.cost.${level}`), fontStyle: 'italic' },
    rangeBehavior: vscode.DecorationRangeBehavior.OpenOpen,
    ...(level === 'quiet' ? {} : { overviewRulerColor: new vscode.ThemeColor(`plateau.cost.${level}`), overviewRulerLane: vscode.OverviewRulerLane.Right }),
  });
}

function barDecoration(extension: vscode.Uri, step: number): vscode.TextEditorDecorationType {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', 'heat', `${theme}-${step}.svg`);
  return vscode.window.createTextEditorDecorationType({
    dark: { gutterIconPath: icon('dark') },
    light: { gutterIconPath: icon('light') },
    gutterIconSize: 'contain',
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
