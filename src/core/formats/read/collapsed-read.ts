import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import type { Result } from '../../../shared/result';
import { StackBuilder } from '../../profile/build/stack-builder';
import { namesRunningLine, parseFrame } from './frame-text';
import { type Import, imported } from './imported';
import { textLines, wholeLines } from './text-lines';

/**
 * Collapsed stacks, as stackcollapse-*.pl, async-profiler, py-spy and inferno write
 * them: `root;caller;callee 12`, a line a stack. The number has no unit. A frame may
 * name its place, `name (file:line)`: in Python and Ruby that is the line that runs,
 * elsewhere the function's own. async-profiler's marks of how Java code was compiled
 * (`_[j]`, `_[i]`, `_[0]`, `_[1]`) are taken off; `_[k]` for the kernel stays.
 *
 * difffolded.pl writes two numbers a line, of the run before and of the run after:
 * those are two profiles, and the run after is shown first, as flamegraph.pl does.
 */
export function readCollapsed(bytes: Uint8Array): Result<Import, ProfileIssue> {
  const { lines, cut } = wholeLines(bytes, (line) => isComment(line) || parseStack(line) !== undefined);
  if (!hasTwoCounts(lines)) return imported('collapsed', [{ name: 'stacks', built: readStacks(lines, cut, parseStack) }]);
  const before: ParseStack = (line) => parseStack(parseStack(line)?.frames ?? '');
  const after: ParseStack = (line) => {
    const last = parseStack(line);
    return last && { frames: parseStack(last.frames)?.frames ?? last.frames, cost: last.cost };
  };
  return imported('collapsed', [
    { name: 'after', built: readStacks(lines, cut, after), measure: 'after' },
    { name: 'before', built: readStacks(lines, cut, before), measure: 'before' },
  ]);
}

type ParseStack = (line: string) => { frames: string; cost: number } | undefined;

function readStacks(lines: Uint8Array, cut: readonly ProfileWarning[], parse: ParseStack) {
  const builder = new StackBuilder('count');
  const frames = new Map<string, { func: number; line: number }>();
  const frameOf = (text: string) => {
    let frame = frames.get(text);
    if (!frame) {
      const { name, url, line, column } = parseFrame(text.replace(/_\[[ji01]\]$/, '').replace(NUMBERED, ' '));
      const isRunning = namesRunningLine(url);
      frame = { func: builder.func(name, url, isRunning ? -1 : line - 1, column - 1), line: isRunning ? line : 0 };
      frames.set(text, frame);
    }
    return frame;
  };
  let number = 0;
  let bad = 0;
  let firstBad = 0;
  for (const text of textLines(lines)) {
    number++;
    if (text.trim() === '' || isComment(text)) continue;
    const stack = parse(text);
    if (!stack) {
      if (bad++ === 0) firstBad = number;
      continue;
    }
    let node = builder.root;
    let leaf: { func: number; line: number } | undefined;
    for (const frame of stack.frames.split(';')) {
      // Plateau's own writer has the root where it has a cost of its own.
      if (frame === '' || (frame === '(root)' && node === builder.root)) continue;
      leaf = frameOf(frame);
      node = builder.child(node, leaf.func);
    }
    builder.add(node, stack.cost, 1);
    if (leaf) builder.addLine(node, leaf.line, stack.cost);
  }
  return builder.build(bad > 0 ? [...cut, { kind: 'bad-lines', count: bad, first: firstBad }] : cut);
}

/** Whether every stack has two numbers: a frame's name may end in one, but hardly every leaf's does. */
function hasTwoCounts(lines: Uint8Array): boolean {
  let isAny = false;
  for (const text of textLines(lines)) {
    const stack = text.trim() === '' || isComment(text) ? undefined : parseStack(text);
    if (!stack) continue;
    if (!parseStack(stack.frames)) return false;
    isAny = true;
  }
  return isAny;
}

/** How Plateau's own writer keeps a number at a name's end from being a count. */
const NUMBERED = /\u00a0(?=\d+(?:\.\d+)?$)/;

const isComment = (line: string): boolean => /^(?:#|\/\/)/.test(line);

/** The last number of a line is its cost, blanks or tabs before it; whether that can be one, `add` sees. */
function parseStack(line: string): { frames: string; cost: number } | undefined {
  const text = line.trimEnd();
  const space = Math.max(text.lastIndexOf(' '), text.lastIndexOf('\t'));
  const cost = text.slice(space + 1);
  if (space <= 0 || cost.length > 300 || !/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(cost)) return undefined;
  return { frames: text.slice(0, space).trimEnd(), cost: Number(cost) };
}

/** Whether the first lines of a text are stacks: nearly all of them, and one of several frames, or all. A word and a number alone are one only as a whole file. */
export function looksCollapsed(head: Uint8Array, isWhole: boolean): boolean {
  const lines = [...textLines(head)];
  if (!isWhole || (lines.length > 1 && head.at(-1) !== 0x0a)) lines.pop(); // it may be cut
  const checked = lines.filter((line) => line.trim() !== '' && !isComment(line)).slice(0, 100);
  // Stacks begin with <module>, [main tid=1] or {closure#0}; whether it is JSON has been asked before.
  if (/^<(?:[?!]|html\b|svg\b)/i.test(checked[0] ?? '')) return false;
  const stacks = checked.filter((line) => parseStack(line) && !/^\s/.test(line));
  if (stacks.length === 0) return !isWhole && lines.length === 0 && head.includes(0x3b) && !'{[<'.includes(String.fromCharCode(head[0] ?? 0)); // one very deep stack
  if (stacks.some((line) => line.includes(';'))) return stacks.length >= checked.length * 0.8;
  return stacks.length === checked.length && (stacks.length > 1 || isWhole || /^\(.+\) |\(.+:\d+\) /.test(stacks[0] as string));
}
