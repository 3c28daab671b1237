import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { escapeRegExp, rootOf, type SyntaxNode } from '../syntax';

/** A node's text becomes another. */
export const replace = (node: SyntaxNode, text: string): TextEdit => ({ start: node.startIndex, end: node.endIndex, text });
/** Whether rewritings have to keep types, too. */
export const isTyped = ({ language }: CaughtMatch): boolean => language === 'typescript' || language === 'tsx';

/** A line put in front of a statement and of the comments right above it, with its indentation. */
export function lineBefore(statement: SyntaxNode, line: string): TextEdit {
  let first = statement;
  for (let above = first.previousNamedSibling; above?.type === 'comment'; above = above.previousNamedSibling) {
    const isRightAbove = above.endPosition.row === first.startPosition.row - 1 && (above.previousNamedSibling?.endPosition.row ?? -1) < above.startPosition.row;
    if (!isRightAbove) break;
    first = above;
  }
  const root = rootOf(statement).text;
  const offset = first.startIndex;
  const lineStart = root.lastIndexOf('\n', offset - 1) + 1;
  const before = root.slice(lineStart, offset);
  const newline = root.includes('\r\n') ? '\r\n' : '\n';
  return { start: offset, end: offset, text: /^\s*$/.test(before) ? `${line}${newline}${before}` : `${line} ` };
}

/** A line put behind a statement, with its indentation, and behind a comment that follows it on the same line. */
export function lineAfter(statement: SyntaxNode, line: string): TextEdit {
  const root = rootOf(statement).text;
  const { startIndex, endIndex } = statement;
  const lineStart = root.lastIndexOf('\n', startIndex - 1) + 1;
  const indentation = /^[ \t]*/.exec(root.slice(lineStart, startIndex))?.[0] ?? '';
  const rest = /^[^\n\r]*/.exec(root.slice(endIndex))?.[0] ?? '';
  const newline = root.includes('\r\n') ? '\r\n' : '\n';
  if (!/^\s*(?:\/\/.*)?$/.test(rest)) return { start: endIndex, end: endIndex, text: ` ${line}` };
  return { start: endIndex + rest.length, end: endIndex + rest.length, text: `${newline}${indentation}${line}` };
}

/** A name that nothing in the file has yet. */
export function freshName(wanted: string, node: SyntaxNode): string {
  const text = rootOf(node).text;
  const isTaken = (name: string): boolean => new RegExp(`(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`).test(text);
  let name = wanted;
  for (let i = 2; isTaken(name); i++) name = `${wanted}${i}`;
  return name;
}

/** `this.items` -> `items`; `getAll().x` -> `x`. */
export const lastName = (text: string): string => /([A-Za-z_$][\w$]*)\W*$/.exec(text)?.[1] ?? 'values';

/** `$A` becomes the text that was caught; a name that caught nothing becomes nothing. */
export function expand(template: string, { captures }: { readonly captures: ReadonlyMap<string, Pick<SyntaxNode, 'text'>> }): string {
  return template.replace(/\$\$?\$?([A-Z_][A-Z0-9_]*)/g, (_, name: string) => captures.get(name)?.text ?? '');
}

/** `[a, , b]`: a place without an element. */
export function hasElision(list: SyntaxNode): boolean {
  const parts = list.namedChildren;
  const between = parts.map((one, i) => list.text.slice(one.endIndex - list.startIndex, (parts[i + 1]?.startIndex ?? list.endIndex - 1) - list.startIndex));
  return list.type === 'array' && (/^\[\s*,/.test(list.text) || between.some((text) => text.replace(/[^,]/g, '').length > 1));
}
