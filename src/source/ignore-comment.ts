/**
 * Comments that silence findings on the line after them:
 * `// plateau-ignore-next-line RULE, RULE -- reason`, in the comment syntax of the language.
 * Without rules, all of them; the reason is for people.
 */
import { type Suppression, suppresses, suppressionsIn } from '../core/findings/patterns/suppressions';
import { commentStarts } from './parse-functions';

/** How a language writes a comment of one line. */
function syntaxOf(file: string): { readonly open: string; readonly close: string } {
  const extension = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  if (/^(?:py|pyi|rb|sh|bash|zsh|pl|r|ya?ml|toml|ex|exs|jl)$/.test(extension)) return { open: '#', close: '' };
  if (/^(?:lua|sql|hs|elm)$/.test(extension)) return { open: '--', close: '' };
  if (/^(?:html?|vue|svelte|xml)$/.test(extension)) return { open: '<!--', close: ' -->' };
  if (/^(?:css)$/.test(extension)) return { open: '/*', close: ' */' };
  return { open: '//', close: '' };
}

/** Tells of a text whether a comment in it silences a rule on a 0-based line. The text is read once. */
export function silencer(text: string): (line: number, rule: string) => boolean {
  const isComment = (offset: number): boolean => /(?:\/\/|\/?\*+|#|<!--|--)\s*$/.test(text.slice(Math.max(0, offset - 40), offset));
  const byTarget = new Map<number, Suppression[]>();
  for (const one of suppressionsIn(text, isComment)) {
    const known = byTarget.get(one.target);
    if (known) known.push(one);
    else byTarget.set(one.target, [one]);
  }
  return (line, rule) => byTarget.get(line)?.some((one) => suppresses(one, rule, [line])) === true;
}

/** The line to put in before a 0-based line, with its indentation and line end; undefined where a comment would not be one. */
export function ignoreComment(text: string, file: string, line: number, rule: string): { readonly offset: number; readonly text: string } | undefined {
  const offset = offsetOfLine(text, line);
  if (offset === undefined) return undefined;
  const indent = /^[ \t]*/.exec(text.slice(offset, offset + 1000))?.[0] ?? '';
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  const { open, close } = syntaxOf(file);
  const comment = `${indent}${open} plateau-ignore-next-line ${rule} -- ${close === '' ? 'reason' : `reason${close}`}${newline}`;
  if (open === '//' && /\.[cm]?[jt]sx?$/i.test(file)) {
    // Within a template or JSX it would be text: only what the parser takes for a comment is one.
    const starts = commentStarts(text.slice(0, offset) + comment + text.slice(offset), file);
    if (starts && !starts.has(offset + indent.length)) return undefined;
  }
  return { offset, text: comment };
}

function offsetOfLine(text: string, line: number): number | undefined {
  let offset = 0;
  for (let at = 0; at < line; at++) {
    const end = text.indexOf('\n', offset);
    if (end < 0) return undefined;
    offset = end + 1;
  }
  return offset;
}
