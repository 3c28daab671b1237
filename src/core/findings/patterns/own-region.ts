/**
 * The part of a text that one function's own code is: its body, in which the bodies
 * of functions that run at another time are blanked. What is searched is then as
 * small as the function, a loop around a match is one of the same function, and
 * every offset is the file's less `start`.
 *
 *   function f() { for (…) { later(() => { g(); }); xs.map((x) => x.y); } }
 *                { for (…) { later(() => {      }); xs.map((x) => x.y); } }
 */
import { bodyOf, isFunction, isInline, nodesWithin, type SyntaxNode } from './syntax';

export interface OwnRegion {
  readonly start: number;
  readonly text: string;
}

export function ownRegion(fn: SyntaxNode, fileText: string, fileStart: number): OwnRegion {
  const body = bodyOf(fn);
  // Python's blocks have no braces: with its head, the first line stands at the indentation that the others build on.
  const isIndented = fn.type === 'function_definition';
  const start = isIndented ? fn.startIndex : body.startIndex;
  if (body.id !== fn.id && isLater(body)) return { start, text: '0' };
  const parts: string[] = [];
  let at = start;
  for (const inner of nodesWithin(body, (node) => !isLater(node))) {
    if (inner.id === body.id || !isLater(inner)) continue;
    const own = inner.childForFieldName('body');
    if (!own || own.startIndex < at) continue;
    const text = fileText.slice(own.startIndex - fileStart, own.endIndex - fileStart);
    const isBlock = text.startsWith('{');
    const blank = text.replace(/[^\n\r]/g, ' ');
    parts.push(fileText.slice(at - fileStart, own.startIndex - fileStart), isBlock ? `{${blank.slice(1, -1)}}` : `0${blank.slice(1)}`);
    at = own.endIndex;
  }
  parts.push(fileText.slice(at - fileStart, body.endIndex - fileStart));
  return { start, text: parts.join('') };
}

const isLater = (node: SyntaxNode): boolean => isFunction(node) && !isInline(node);
