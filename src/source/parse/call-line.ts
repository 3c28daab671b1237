import { functionsInTime } from './parse-in-time';

/** Larger files take longer to parse than a line is worth. */
const MAX_PARSED = 512 << 10;

/**
 * The line on which a function calls another, found by the callee's name in its text:
 * V8 records only which function called. Lines are 1-based. Where several lines may be
 * it, the one with most own cost is taken; undefined where none stands out.
 */
export function callLine(
  text: string,
  file: string,
  place: { readonly line: number; readonly column: number },
  callee: string,
  costOf: (line: number) => number,
): number | undefined {
  const call = callOf(callee);
  if (!call || text.length > MAX_PARSED) return undefined;
  const caller = functionsInTime(text, file)?.find(
    (one) => one.v8Line === place.line - 1 && (one.v8Column === place.column - 1 || one.nameColumn === place.column - 1),
  );
  // The top level of a module is no function of its syntax tree: all of the text is.
  if (!caller && !(place.line === 1 && place.column === 1)) return undefined;
  const lines = text.split('\n');
  const first = caller?.startLine ?? 0;
  const last = Math.min(caller?.endLine ?? lines.length - 1, lines.length - 1);
  const found: number[] = [];
  for (let line = first; line <= last; line++) if (call(lines[line] as string)) found.push(line + 1);
  if (found.length <= 1) return found[0];
  const [best, second] = [...found].sort((a, b) => costOf(b) - costOf(a));
  return best !== undefined && second !== undefined && costOf(best) > costOf(second) ? best : undefined;
}

/** The last line of the longest function that begins on a line; both 1-based. Undefined where the text has none there, or is too large. */
export function lastLine(text: string, file: string, start: number): number | undefined {
  if (text.length > MAX_PARSED) return undefined;
  const found = functionsInTime(text, file)?.filter((one) => one.v8Line === start - 1 || one.nameLine === start - 1) ?? [];
  return found.length === 0 ? undefined : found.reduce((end, { endLine }) => (endLine > end ? endLine : end), 0) + 1;
}

/** Whether a line of source may call a function of this name; undefined for a name that says nothing. */
function callOf(callee: string): ((line: string) => boolean) | undefined {
  if (callee.startsWith('RegExp: ')) {
    const pattern = callee.slice('RegExp: '.length);
    return pattern.length < 2 ? undefined : (line) => line.includes(pattern);
  }
  // V8's own name for what the inspector has put around each method of the console.
  if (callee === 'consoleCall') return (line) => line.length < MAX_LINE && /(?<![\w$.])console\s*\??\.\s*\w+\s*(?:\?\.\s*)?\(/.test(line);
  const name = /^(?:(?:get|set|async|bound|static|new) )*(?:[\w$#]+\.)*([A-Za-z_$][\w$]*)$/.exec(callee)?.[1];
  if (name === undefined) return undefined;
  const expression = new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}\\s*(?:\\?\\.\\s*)?[(\`<]`);
  return (line) => line.length < MAX_LINE && expression.test(line);
}

/** Longer lines are generated code. */
const MAX_LINE = 2000;
