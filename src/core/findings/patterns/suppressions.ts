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

/** `isComment` tells whether the mark at an offset stands in a comment; texts speak of it too. */
export function suppressionsIn(text: string, isComment: (offset: number) => boolean): Suppression[] {
  const found: Suppression[] = [];
  if (!text.includes(MARK)) return found;
  const lines = text.split('\n');
  let offset = 0;
  for (const [line, content] of lines.entries()) {
    const at = content.indexOf(MARK);
    if (at >= 0 && isComment(offset + at)) {
      const rest = content.slice(at + MARK.length).replace(/\*\/.*$/, '');
      const named = rest.split(/\s--(?:\s|$)/)[0] as string;
      const rules = named.split(/[\s,]+/).filter((one) => /^[a-z][a-z0-9-]*$/.test(one));
      let target = line + 1;
      while (target < lines.length && /^\s*(?:\/\/|#|\*|\/\*|\{\s*\/\*|$)/.test(lines[target] as string)) target++;
      found.push({ line, target, column: at, endColumn: at + MARK.length, rules });
    }
    offset += content.length + 1;
  }
  return found;
}

/** Whether a suppression is about a match: one of its lines from `first` to `anchor` is the target. */
export function suppresses(suppression: Suppression, rule: string, lines: readonly number[]): boolean {
  return lines.includes(suppression.target) && (suppression.rules.length === 0 || suppression.rules.includes(rule));
}
