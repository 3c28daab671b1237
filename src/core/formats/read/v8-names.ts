import type { FrameText } from './frame-text';
import { parsePlace } from './frame-text';

/**
 * How V8 names compiled code to other tools (--perf-basic-prof, --prof):
 *
 *   JS:*fib file:///app/main.js:12:9        LazyCompile:~parse /app/parse.js:3
 *   Function:^<anonymous> node:fs:1:1       RegExp:\s+        Builtin:ArrayPrototypePush
 *
 * The mark says how it was compiled: `*` optimised, `+` and `^` in between, `~`
 * interpreted. One function has one name here, whatever it is compiled with.
 */
export function parseV8Name(text: string): FrameText | undefined {
  const match = /^(JS|LazyCompile|Function|Script|Eval|InterpretedFunction|BaselineFunction|RegExp|Builtin|BytecodeHandler|Stub|Handler): ?/.exec(text);
  if (!match) return undefined;
  const kind = match[1] as string;
  const rest = text.slice(match[0].length);
  if (kind === 'RegExp') return nameOnly(`RegExp: ${rest}`);
  if (kind === 'Builtin' || kind === 'BytecodeHandler' || kind === 'Stub' || kind === 'Handler') return nameOnly(rest);
  return parseNameAndPlace(rest.replace(/^[*~^+]['"]?/, ''));
}

const nameOnly = (name: string): FrameText => ({ name, url: '', line: 0, column: 0 });

/** `name file:line:column`; the name may be missing, and either may have spaces. */
export function parseNameAndPlace(text: string): FrameText {
  const start = /(?:^| )(?:file:|node:|https?:|wasm:|webpack|evalmachine\.|\/|[A-Za-z]:[\\/])/.exec(text);
  const space = start ? (start[0].startsWith(' ') ? start.index : -1) : text.lastIndexOf(' ');
  const found = parsePlace(text.slice(space + 1));
  if (!found || (!start && found.line === 0)) return nameOnly(text);
  const name = space < 0 ? '' : text.slice(0, space);
  return { name: name === '<anonymous>' ? '' : name, ...found };
}
