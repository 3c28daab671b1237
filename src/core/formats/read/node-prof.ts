import type { ProfileIssue, ProfileWarning } from '../../../shared/issue';
import type { Result } from '../../../shared/result';
import { isJson, listOf, nameOf, numberOf, objectOf, rowOf, textOf } from '../../json/json-values';
import { StackBuilder } from '../../profile/build/stack-builder';
import { Category } from '../../profile/categories';
import { type Import, imported } from './imported';
import { textLines, wholeLines } from './text-lines';
import { parseNameAndPlace, parseV8Name } from './v8-names';

/**
 * The text that `node --prof-process` prints: tables of ticks by function, then
 * stacks from the leaf up,
 *
 *   [Bottom up (heavy) profile]:
 *      ticks parent  name
 *       316   76.0%  JS: *fib file:///app/main.js:1:13
 *       315   99.7%    JS: ~main file:///app/main.js:9:3
 *
 * where a row holds its ticks and those of its callers below it. Callers under one
 * percent are missing, and leaves under two: their ticks come from the tables, and
 * stand without callers. A tick is about a millisecond, but the text does not say.
 */
export function readNodeProfText(bytes: Uint8Array): Result<Import, ProfileIssue> {
  const builder = new StackBuilder('count');
  const tables = new Map<string, number>();
  const inStacks = new Map<string, number>();
  let section = '';
  let number = 0;
  let bad = 0;
  let firstBad = 0;
  let unaccounted = 0;
  const path: { func: number; depth: number; left: number }[] = [];
  /** The rows from `depth` on are complete: what no caller took is theirs. */
  const close = (depth: number): void => {
    for (let last = path.at(-1); last && last.depth >= depth; last = path.at(-1)) {
      if (last.left > 0) {
        let node = builder.root;
        for (let at = path.length - 1; at >= 0; at--) node = builder.child(node, (path[at] as { func: number }).func);
        builder.add(node, last.left, last.left);
      }
      path.pop();
    }
  };
  const { lines, cut } = wholeLines(bytes, () => false); // half a name would be a function of its own
  let hasStacks = false;
  for (const line of textLines(lines)) {
    number++;
    const head = /^Statistical profiling result from .*\((\d+) ticks, (\d+) unaccounted/.exec(line);
    if (head) unaccounted = Number(head[2]);
    const title = /^ \[(.+?)\]:\s*$/.exec(line);
    if (title) section = title[1] as string;
    const isStacks = section.startsWith('Bottom up');
    if (isStacks) hasStacks = true;
    const row = line.length > 100_000 ? undefined : /^ {1,12}(\d{1,12}) +(\d+\.\d%)( +\d+\.\d%)?( {2,})(\S.*)$/.exec(line);
    if (!row) {
      if (line.trim() !== '' && !title && !head && isStacks && !/^ +(?:ticks|Note|amount|Callers)/.test(line) && bad++ === 0) firstBad = number;
      continue;
    }
    const ticks = Number(row[1]);
    const name = row[5] as string;
    if (!isStacks) {
      if (section === 'JavaScript' || section === 'C++' || section === 'Shared libraries') tables.set(name, ticks);
      continue;
    }
    const depth = (row[4] as string).length >> 1;
    close(depth);
    const caller = path.at(-1);
    if (caller) caller.left -= ticks;
    else inStacks.set(name, (inStacks.get(name) ?? 0) + ticks);
    path.push({ func: funcOfText(builder, name), depth, left: ticks });
  }
  close(0);
  for (const [name, ticks] of tables) {
    const missing = ticks - (inStacks.get(name) ?? 0);
    if (missing > 0) builder.add(builder.child(builder.root, funcOfText(builder, name)), missing, missing);
  }
  const missing = unaccounted - (inStacks.get('UNKNOWN') ?? 0);
  if (missing > 0) builder.add(builder.child(builder.root, builder.func('(program)')), missing, missing);
  // The stacks come last.
  const warnings: ProfileWarning[] = cut.length === 0 && !hasStacks ? [{ kind: 'truncated', offset: bytes.length }] : [...cut];
  if (bad > 0) warnings.push({ kind: 'bad-lines', count: bad, first: firstBad });
  return imported('node-prof-text', [{ name: 'ticks', built: builder.build(warnings) }]);
}

function funcOfText(builder: StackBuilder, text: string): number {
  if (text === 'UNKNOWN') return builder.func('(program)');
  const script = parseV8Name(text);
  if (script && script.url !== '') return builder.func(script.name, script.url, script.line - 1, Math.max(0, script.column - 1));
  const row = builder.func(script?.name ?? text.replace(/^[tTwW] (?=\S)/, ''));
  if (!script?.name.startsWith('RegExp: ')) builder.raw.functions.known.set(row, Category.Native);
  return row;
}

export const looksLikeNodeProfText = (head: string): boolean => /^\s*Statistical profiling result from /.test(head);

/** V8's state while a tick was taken (`StateTag`); of its numbers only this one has never moved. */
const VM_GC = 1;

/**
 * The JSON that `node --prof-process --preprocess` prints (lib/internal/v8_prof_processor):
 *
 *   { code: [{ name, type: 'JS' | 'CODE' | 'CPP' | 'SHARED_LIB', kind, func, source }],
 *     functions: [{ name, codes }], scripts: [{ url, source }], ticks: [{ tm, vm, s: [code, offset, …] }] }
 *
 * `s` is a stack, leaf first, of code rows (-1 where V8 did not know) and offsets;
 * `tm` is in microseconds. Handlers of bytecodes are left out: the function that
 * they run stands below them. V8 ticks only while the program has the processor, at
 * even intervals: a tick before a longer gap costs the usual one, and the rest is idle.
 */
export function readNodeProfJson(value: unknown, warnings: readonly ProfileWarning[]): Result<Import, ProfileIssue> {
  const file = objectOf(value);
  const code = listOf(file.code);
  const functions = listOf(file.functions);
  const builder = new StackBuilder('microseconds', 'v8');
  const program = builder.child(builder.root, builder.func('(program)'));
  const gc = builder.child(builder.root, builder.func('(garbage collector)'));
  const rows = new Map<number, number>();
  const funcOf = (index: number): number => {
    let row = rows.get(index);
    if (row === undefined) {
      row = funcOfCode(builder, objectOf(code[index]), functions);
      rows.set(index, row);
    }
    return row;
  };
  const ticks = listOf(file.ticks).filter(isJson);
  const idle = builder.child(builder.root, builder.func('(idle)'));
  const usual = medianGap(ticks.map(({ tm }) => numberOf(tm)));
  for (const [i, { tm, vm, s }] of ticks.entries()) {
    const stack = listOf(s);
    let node = builder.root;
    for (let at = stack.length - (stack.length % 2) - 2; at >= 0; at -= 2) {
      const index = rowOf(stack[at], code.length);
      const func = index < 0 ? -1 : funcOf(index);
      if (func >= 0) node = builder.child(node, func);
    }
    const time = numberOf(tm);
    builder.at(vm === VM_GC ? gc : node === builder.root ? program : node, time);
    if (numberOf(ticks[i + 1]?.tm) - time > usual * LONG_GAP) builder.at(idle, time + usual);
  }
  const times = builder.raw.timestamps;
  if (times.length > 1) builder.raw.endTime = times.at(times.length - 1) + usual;
  return imported('node-prof-json', [{ name: 'CPU', built: builder.build(warnings) }]);
}

/** Where this many intervals pass without a tick, the program waited. */
const LONG_GAP = 2;

/** The usual time between ticks; 0 for fewer than two. Times that fall are passed over. */
function medianGap(times: readonly number[]): number {
  const gaps = Float64Array.from(times.slice(1), (time, i) => time - (times[i] as number))
    .filter((gap) => gap > 0)
    .sort();
  return gaps[gaps.length >> 1] ?? 0;
}

/** Function row of a piece of code; -1 for what is no frame of its own. */
function funcOfCode(builder: StackBuilder, code: { readonly [key: string]: unknown }, functions: readonly unknown[]): number {
  if (code.kind === 'BytecodeHandler') return -1;
  const name = nameOf(code.name);
  if (code.kind === 'RegExp') return builder.func(`RegExp: ${name}`);
  if (code.type !== 'JS') return builder.func(name);
  const index = rowOf(code.func, functions.length);
  const script = parseNameAndPlace(index < 0 ? name : textOf(objectOf(functions[index]).name, name));
  return builder.func(script.name, script.url, script.line - 1, script.line > 0 ? Math.max(0, script.column - 1) : -1);
}
