/**
 * `// plateau-ignore-next-line RULE, RULE -- reason`, also in block comments and
 * after `#`. Without a rule it is for all of them. It counts for the next line that
 * is no comment.
 */
export interface Suppression {
  /** 0-based line of the comment. */
  readonly line: number;
  /** 0-based line that it is about. */
  readonly target: number;
  readonly column: number;
  readonly endColumn: number;
  /** Empty for every rule. */
  readonly rules: readonly string[];
}

const MARK = 'plateau-ignore-next-line';
/** Lines that are empty or begin with a comment. */
const NO_CODE = /^\s*(?:\/\/|#|\*|\/\*|\{\s*\/\*|$)/;

/** `isComment` tells whether the mark at an offset stands in a comment; texts speak of it too. */
export function suppressionsIn(text: string, isComment: (offset: number) => boolean): Suppression[] {
  if (!text.includes(MARK)) return [];
  const lines = text.split('\n');
  const found: Suppression[] = [];
  let end = text.length;
  // From the last line, so that the next line of code is known at each.
  let nextCode = lines.length;
  for (let line = lines.length - 1; line >= 0; line--) {
    const content = lines[line] as string;
    const at = content.indexOf(MARK);
    if (at >= 0 && isComment(end - content.length + at)) {
      const rest = content.slice(at + MARK.length).split('*/', 1)[0] as string;
      const named = rest.split(/\s--(?:\s|$)/, 1)[0] as string;
      const rules = named.split(/[\s,]+/).filter((one) => /^[a-z][a-z0-9-]*$/.test(one));
      found.push({ line, target: nextCode, column: at, endColumn: at + MARK.length, rules });
    }
    if (!NO_CODE.test(content)) nextCode = line;
    end -= content.length + 1;
  }
  return found.reverse();
}

/** Whether a suppression is about a match: one of its lines from `first` to `anchor` is the target. */
export function suppresses(suppression: Suppression, rule: string, lines: readonly number[]): boolean {
  return lines.includes(suppression.target) && (suppression.rules.length === 0 || suppression.rules.includes(rule));
}
