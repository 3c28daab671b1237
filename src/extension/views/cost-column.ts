import * as vscode from 'vscode';
import type { AnnotationDto, AnnotationLevel } from '../../protocol/lsp';
import { movedLines, shareCell } from '../../shared/cost-column';

/** Shares of lines in a column before the code. Every line has the column's width, so that none moves against another. */
export interface CostColumn extends vscode.Disposable {
  /** No annotations, no column. */
  show(editor: vscode.TextEditor, annotations: readonly AnnotationDto[]): void;
  /** After an edit: lines that have come get the column's room at once. */
  follow(editor: vscode.TextEditor, changes: readonly vscode.TextDocumentContentChangeEvent[]): void;
}

const levels: readonly AnnotationLevel[] = ['quiet', 'warm', 'hot'];
/** In longer files an edit would tell the editor too much. */
const MOST_LINES = 10_000;
/** Wide enough for `100.0 %` and a gap, in characters of the editor's font. */
const WIDTH = '9ch';

/** Whether a file has the column: where editors are side by side they are narrow, and what is at the end of a line is out of sight. */
export function hasColumn(setting: 'auto' | 'always' | 'never', annotations: number): boolean {
  if (annotations === 0 || setting === 'never') return false;
  return setting === 'always' || vscode.window.tabGroups.all.length > 1;
}

export function costColumn(): CostColumn {
  const cells = Object.fromEntries(levels.map((level) => [level, cellDecoration(level)])) as Record<AnnotationLevel, vscode.TextEditorDecorationType>;
  const room = cellDecoration(undefined);
  const shown = new WeakMap<vscode.TextEditor, ReadonlySet<number>>();

  const fill = (editor: vscode.TextEditor, taken: ReadonlySet<number>): void => {
    const ranges: vscode.Range[] = [];
    for (let line = 0; line < editor.document.lineCount; line++) if (!taken.has(line)) ranges.push(new vscode.Range(line, 0, line, 0));
    editor.setDecorations(room, ranges);
  };

  return {
    show(editor, annotations) {
      const { lineCount } = editor.document;
      const own = lineCount > MOST_LINES ? [] : annotations.filter(({ line }) => line < lineCount);
      for (const level of levels) {
        editor.setDecorations(
          cells[level],
          own
            .filter((one) => one.level === level)
            .map(({ line, share }) => ({ range: new vscode.Range(line, 0, line, 0), renderOptions: { before: { contentText: shareCell(share) } } })),
        );
      }
      if (own.length === 0) {
        if (shown.delete(editor)) editor.setDecorations(room, []);
        return;
      }
      const taken = new Set(own.map(({ line }) => line));
      shown.set(editor, taken);
      fill(editor, taken);
    },
    follow(editor, changes) {
      const taken = shown.get(editor);
      const lines = changes.map(({ range, text }) => ({ startLine: range.start.line, endLine: range.end.line, added: text.split(/\r\n|\r|\n/).length - 1 }));
      if (!taken || lines.every(({ startLine, endLine, added }) => endLine - startLine === added)) return;
      const moved = movedLines(taken, lines);
      shown.set(editor, moved);
      fill(editor, moved);
    },
    dispose() {
      for (const one of [...Object.values(cells), room]) one.dispose();
    },
  };
}

function cellDecoration(level: AnnotationLevel | undefined): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    before: {
      contentText: level === undefined ? shareCell('') : '',
      width: WIDTH,
      ...(level === undefined ? {} : { color: new vscode.ThemeColor(`plateau.cost.${level}`) }),
    },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
