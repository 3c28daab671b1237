/** A function as a line of text names it. */
export interface FrameText {
  readonly name: string;
  /** Empty for none. */
  readonly url: string;
  /** From 1; 0 for none. */
  readonly line: number;
  /** From 1; 0 for none. */
  readonly column: number;
}

const place = /:(\d+)(?::(\d+))?$/;

/** `file:line` or `file:line:column`; undefined where nothing looks like a file. */
export function parsePlace(text: string): Omit<FrameText, 'name'> | undefined {
  const match = place.exec(text);
  const url = match ? text.slice(0, match.index) : text;
  if (url === '' || (!match && !/[\\/]|\.\w{1,5}$/.test(url))) return undefined;
  return { url, line: smallNumber(match?.[1]), column: smallNumber(match?.[2]) };
}

/** `name (file:line)`, as Plateau, py-spy and Firefox write frames; anything else is a name. */
export function parseFrame(text: string): FrameText {
  const nameOnly = { name: text, url: '', line: 0, column: 0 };
  if (!text.endsWith(')')) return nameOnly;
  const open = openingOf(text);
  if (open <= 0 || text[open - 1] !== ' ') return nameOnly;
  const found = parsePlace(text.slice(open + 1, -1));
  const name = text.slice(0, open - 1).trimEnd();
  return found && name !== '' ? { name, ...found } : nameOnly;
}

/** The place of the bracket that the last one closes; -1 where there is none. */
function openingOf(text: string): number {
  let depth = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const char = text[at];
    if (char === ')') depth++;
    else if (char === '(' && --depth === 0) return at;
  }
  return text.lastIndexOf(' (') + 1 || -1;
}

function smallNumber(digits: string | undefined): number {
  const value = Number(digits ?? 0);
  return value <= 0x7fff_fffe ? value : 0;
}

/** The languages whose profilers write the line that runs where others write the function's own. */
export const namesRunningLine = (url: string): boolean => /\.(?:pyx?|pyw|rb|erb)$/i.test(url);
