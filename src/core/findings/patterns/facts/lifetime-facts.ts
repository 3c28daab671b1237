/** What is added and never taken away again, as far as one file tells. */
import { escapeRegExp, isFunction, methodOf, namedArguments, ownerOf, receiverOf, rootOf, type SyntaxNode } from '../syntax';
import { declarationOf } from '../values';

/** Whether an identifier is declared outside of the function that a node belongs to, and not imported. */
export function isOuter(identifier: SyntaxNode): boolean {
  if (identifier.type !== 'identifier') return false;
  const declaration = declarationOf(identifier);
  if (!declaration || declaration.node.type === 'import_statement') return false;
  const owner = ownerOf(identifier);
  return isFunction(owner) && (declaration.node.startIndex < owner.startIndex || declaration.node.endIndex > owner.endIndex);
}

/** Whether a collection at module level is added to, and nothing in the file removes from it or sets it anew. */
export function onlyGrows(identifier: SyntaxNode): boolean {
  const declaration = declarationOf(identifier);
  if (declaration?.scope.type !== 'program') return false;
  const value = declaration.node.childForFieldName('value')?.text ?? '';
  if (!/^(?:new (?:Map|Set)\b(?!.*WeakMap)|\[\s*\]|\{\s*\}|Object\.create\(null\))/.test(value)) return false;
  const name = escapeRegExp(identifier.text);
  const others = rootOf(identifier).text.replace(declaration.node.text, '');
  const removes = new RegExp(
    `(?<![\\w$.])${name}(?:\\??\\.(?:delete|clear|pop|shift|splice|length\\s*=)|\\s*=[^=>])|delete\\s+${name}[.[]|(?<![\\w$.])(?:[\\w$.]+\\()${name}\\s*[,)]|\\bexport\\s*\\{[^}]*\\b${name}\\b|(?:module\\.)?exports\\.\\w+\\s*=\\s*${name}\\b|return\\s+${name}\\s*;`,
  );
  return !removes.test(others) && declaration.node.parent?.parent?.type !== 'export_statement';
}

/** Whether a listener or timer that a call sets is never removed: no counterpart in the file, and its target outlives the function. */
export function isNeverRemoved(call: SyntaxNode): boolean {
  const owner = ownerOf(call);
  if (!isFunction(owner)) return false;
  const text = rootOf(call).text;
  const callee = call.childForFieldName('function')?.text ?? '';
  if (/(?:^|\.)setInterval$/.test(callee)) return call.parent?.type === 'expression_statement' && !/\bclearInterval\b/.test(text);
  const method = methodOf(call);
  const receiver = receiverOf(call);
  if (method === undefined || !receiver) return false;
  if (/\b(?:off|removeListener|removeAllListeners|removeEventListener|AbortController|AbortSignal|signal)\b/.test(text)) return false;
  if (namedArguments(call).some((one) => /\bonce\s*:\s*true\b/.test(one.text))) return false;
  if (receiver.type === 'member_expression') return /^(?:process|window|document|globalThis|this)\b/.test(receiver.text) && !isConstructor(owner);
  if (receiver.type !== 'identifier') return false;
  if (/^(?:process|window|document|globalThis)$/.test(receiver.text)) return true;
  // What the function itself has made, or was given anew for this call, ends with it.
  const declaration = declarationOf(receiver);
  return declaration !== undefined && (declaration.node.startIndex < owner.startIndex || declaration.node.endIndex > owner.endIndex);
}

const isConstructor = (fn: SyntaxNode): boolean => fn.type === 'method_definition' && fn.childForFieldName('name')?.text === 'constructor';
