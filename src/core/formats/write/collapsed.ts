import { printable } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { functionAt, type ProfileTables } from '../../profile/tables';

/**
 * Collapsed stacks (Brendan Gregg's FlameGraph input): one line a distinct stack,
 * `root;caller;callee weight`, weights in whole microseconds or bytes, or counts, which
 * have up to three decimals where the profile's have any. Frames are
 * `name (file:line)` so that namesakes stay apart; `;` and line breaks in names
 * become `:` and a space, which the format cannot escape, and other control characters
 * what a terminal can show. A number behind a blank at a name's end gets a blank that does not
 * break, or flamegraph.pl takes it for a count. Idle time is left out;
 * `(root)` stands only before a cost of its own, and where the line would be a comment.
 * Chunks of text, to be written as they come.
 */
export function* writeCollapsed(tables: ProfileTables): Generator<string> {
  const { nodes, functions, unit } = tables;
  const frames = new Map<number, string>();
  const frameOf = (func: number): string => {
    let text = frames.get(func);
    if (text === undefined) {
      const view = functionAt(tables, func as never);
      const name = view.name === '' ? '(anonymous)' : view.name;
      const place = view.url === '' ? '' : ` (${view.url}:${view.line + 1})`;
      const plain = `${name}${place}`.replace(/;/g, ':').replace(/[\r\n]+/g, ' ');
      text = printable(plain)
        .trim()
        .replace(/[ \t](?=\d+(?:\.\d+)?$)/, '\u00a0');
      frames.set(func, text);
    }
    return text;
  };
  const stack: string[] = [];
  let chunk = '';
  for (let node = 0; node < nodes.length; node++) {
    const func = nodes.func[node] as number;
    const depth = nodes.depth[node] as number;
    stack.length = Math.max(0, depth - 1);
    if (node > 0) stack.push(frameOf(func));
    const self = nodes.self[node] as number;
    const cost = unit === 'count' ? Math.round(self * 1000) / 1000 : Math.round(self);
    if (cost <= 0 || functions.category[func] === Category.Idle) continue;
    const isLikeComment = /^(?:#|\/\/)/.test(stack[0] ?? '');
    chunk += `${isLikeComment ? `${frameOf(nodes.func[0] as number)};` : ''}${node === 0 ? frameOf(func) : stack.join(';')} ${cost}\n`;
    if (chunk.length > 1 << 16) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
