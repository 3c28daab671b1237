import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { calledFunction, isAsync, usesOf } from '../facts/settled-facts';
import { type SyntaxNode, unwrapped } from '../syntax';
import { replace } from './fix-edits';

/**
 * `await price(x)` -> `price(x)`, where nothing is waited for. A function that is async without need loses that too,
 * which needs each of its uses to be an awaited call in the same file.
 */
export function unawait(match: CaughtMatch): TextEdit[] | undefined {
  const awaited = match.captures.get('E');
  if (!awaited) return undefined;
  const call = unwrapped(awaited);
  const fn = call.type === 'call_expression' ? calledFunction(call) : undefined;
  if (!fn || !isAsync(fn)) return [replace(match.node, awaited.text)];
  return withoutAsync(fn);
}

/** Takes `async` from a function, and the `await` from each of its calls. */
function withoutAsync(fn: SyntaxNode): TextEdit[] | undefined {
  const name = fn.type === 'arrow_function' || fn.type === 'function_expression' ? fn.parent?.childForFieldName('name') : fn.childForFieldName('name');
  const declaration = fn.type === 'function_declaration' ? fn : fn.parent?.parent;
  if (name?.type !== 'identifier' || !declaration || declaration.parent?.type === 'export_statement') return undefined;
  // `Promise<number>` would be another type.
  if (fn.childForFieldName('return_type') || fn.parent?.childForFieldName('type')) return undefined;
  const keyword = /^async\s+/.exec(fn.text)?.[0];
  if (keyword === undefined) return undefined;
  const edits: TextEdit[] = [{ start: fn.startIndex, end: fn.startIndex + keyword.length, text: '' }];
  for (const use of usesOf(name)) {
    const call = use.parent;
    const around = call?.parent;
    if (call?.type !== 'call_expression' || call.childForFieldName('function')?.id !== use.id || around?.type !== 'await_expression') return undefined;
    edits.push({ start: around.startIndex, end: call.startIndex, text: '' });
  }
  return edits;
}
