import { type ParserPlugin, parse } from '@babel/parser';
import type * as t from '@babel/types';

/** Offsets at which comments begin; undefined for a text that cannot be parsed. */
export function commentStarts(text: string, file: string): ReadonlySet<number> | undefined {
  const comments = parseSource(text, file)?.comments;
  return comments ? new Set(comments.flatMap(({ start }) => (typeof start === 'number' ? [start] : []))) : undefined;
}

/** Checks a list of JavaScript expressions as a user types them; the message names line and column. */
export function checkArguments(text: string): { readonly ok: true } | { readonly ok: false; readonly message: string; readonly column: number } {
  const opening = '(async () => [';
  try {
    const ast = parse(`${opening}${text}\n])`, { sourceType: 'script' });
    const [statement] = ast.program.body;
    if (ast.program.body.length !== 1 || statement?.type !== 'ExpressionStatement')
      return { ok: false, message: 'expected expressions, separated by commas', column: 1 };
    return { ok: true };
  } catch (error) {
    const { loc, message } = error as { loc?: { index: number }; message: string };
    const column = Math.min(text.length, Math.max(0, (loc?.index ?? 0) - opening.length)) + 1;
    return { ok: false, message: message.replace(/\s*\(\d+:\d+\)\s*$/, ''), column };
  }
}

/** The syntax tree of a text, in the dialect that its file name says; undefined where no dialect fits. */
export function parseSource(text: string, file: string): t.File | undefined {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(file)?.[1]?.toLowerCase() ?? 'js';
  const isTs = /^[cm]?tsx?$/.test(extension);
  const tries: ParserPlugin[][] = isTs
    ? [['typescript', ...(extension.endsWith('x') ? (['jsx'] as const) : []), 'decorators-legacy', 'explicitResourceManagement']]
    : [
        ['jsx', 'decorators', 'explicitResourceManagement'],
        ['jsx', 'flow', 'decorators-legacy'],
      ];
  for (const plugins of tries) {
    try {
      return parse(text, {
        sourceType: 'unambiguous',
        plugins,
        errorRecovery: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowSuperOutsideMethod: true,
        allowUndeclaredExports: true,
        attachComment: false,
      }) as unknown as t.File;
    } catch {
      // The next dialect may do.
    }
  }
  return undefined;
}

/** Visits every node with its parents; an explicit stack, so that generated code of any depth will do. */
export function walk(root: t.Node, visit: (node: t.Node, parents: readonly t.Node[]) => void): void {
  const parents: t.Node[] = [];
  const stack: (t.Node | undefined)[] = [root];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) {
      parents.pop();
      continue;
    }
    visit(node, parents);
    parents.push(node);
    stack.push(undefined);
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) stack.push(item);
      } else if (isNode(value)) stack.push(value);
    }
  }
}

const isNode = (value: unknown): value is t.Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string' && 'start' in value;
