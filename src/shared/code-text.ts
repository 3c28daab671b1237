/**
 * Sentences with code in them, as findings and verdicts have: what stands between
 * backticks is code, by the rule of CommonMark (spec 0.31, 6.1). A run of backticks opens
 * code that the next run of the same length closes; a run without such another is text.
 * So code that holds backticks itself stands between longer runs, and no name in a
 * sentence can make code of what follows it. Linear in the length.
 */
export interface TextPart {
  readonly text: string;
  readonly isCode: boolean;
}

/** The parts in their order, none of them empty. */
export function textParts(text: string): TextPart[] {
  const runs = Array.from(text.matchAll(/`+/g), ({ index, 0: { length } }) => ({ index, length }));
  const closing = closingRuns(runs);
  const parts: TextPart[] = [];
  const add = (part: string, isCode: boolean): void => {
    if (part !== '') parts.push({ text: part, isCode });
  };
  let end = 0;
  for (let at = 0; at < runs.length; at++) {
    const close = closing[at] ?? -1;
    const [open, shut] = [runs[at], runs[close]];
    if (!open || !shut) continue;
    add(text.slice(end, open.index), false);
    add(withoutPadding(text.slice(open.index + open.length, shut.index)), true);
    end = shut.index + shut.length;
    at = close;
  }
  add(text.slice(end), false);
  return parts;
}

/** For each run the next one of its length; -1 for none. */
function closingRuns(runs: readonly { readonly length: number }[]): number[] {
  const next = new Map<number, number>();
  const closing = new Array<number>(runs.length).fill(-1);
  for (let at = runs.length - 1; at >= 0; at--) {
    const length = runs[at]?.length ?? 0;
    closing[at] = next.get(length) ?? -1;
    next.set(length, at);
  }
  return closing;
}

/** One space on either side keeps backticks at the ends of the code from its marks. */
const withoutPadding = (code: string): string => (hasPadding(code) ? code.slice(1, -1) : code);
const hasPadding = (code: string): boolean => code.startsWith(' ') && code.endsWith(' ') && /[^ ]/.test(code);

/** The text for where nothing can be shown as code: without the marks. */
export const plainWords = (text: string): string =>
  textParts(text)
    .map((part) => part.text)
    .join('');

/** Code as part of such a sentence, which `textParts` gives back as it is; also a code span of Markdown. Empty for nothing. */
export function markedCode(code: string): string {
  if (code === '') return '';
  const runs = new Set(Array.from(code.matchAll(/`+/g), ([run]) => run.length));
  let length = 1;
  while (runs.has(length)) length++;
  const mark = '`'.repeat(length);
  const pad = code.startsWith('`') || code.endsWith('`') || hasPadding(code) ? ' ' : '';
  return mark + pad + code + pad + mark;
}
