/**
 * Comments that silence findings on the line after them:
 * `// plateau-ignore-next-line RULE, RULE -- reason`, in the comment syntax of the language.
 * Without rules, all of them; the reason is for people.
 */
import { type Suppression, suppresses, suppressionsIn } from '../../core/findings/patterns/suppressions';

/** How a language writes a comment of one line. */
function syntaxOf(file: string): { readonly open: string; readonly close: string } {
  const extension = /\.([^./\\]+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  if (/^(?:py|pyi|rb|sh|bash|zsh|pl|r|ya?ml|toml|ex|exs|jl)$/.test(extension)) return { open: '#', close: '' };
  if (/^(?:lua|sql|hs|elm)$/.test(extension)) return { open: '--', close: '' };
  if (/^(?:xml)$/.test(extension)) return { open: '<!--', close: ' -->' };
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

/** A line that is to be put in. */
export interface IgnoreComment {
  readonly offset: number;
  readonly text: string;
  /** What has to be parsed to tell whether a comment begins at `at` then: within a template or JSX it would be text. */
  readonly script: { readonly text: string; readonly name: string; readonly at: number } | undefined;
}

/** The line to put in before a 0-based line, with its indentation and line end; undefined where a comment would not be one. */
export function ignoreComment(text: string, file: string, line: number, rule: string): IgnoreComment | undefined {
  const start = offsetOfLine(text, line);
  // `#!` and `<?php` count only as a file's first characters; and after a backslash the line goes on.
  if (start === undefined || (line === 0 && /^\ufeff?(?:#!|<\?)/.test(text)) || /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))) return undefined;
  const offset = start === 0 && text.startsWith('\ufeff') ? 1 : start;
  const indent = /^[ \t]*/.exec(text.slice(offset, offset + 1000))?.[0] ?? '';
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  const { open, close } = syntaxOf(file);
  const comment = `${indent}${open} plateau-ignore-next-line ${rule} -- ${close === '' ? 'reason' : `reason${close}`}${newline}`;
  const script = scriptAround(text, file, offset);
  if (script === 'none' || (script === undefined && isWithinString(text, offset, open))) return undefined;
  const whole = script && text.slice(script.start, offset) + comment + text.slice(offset, script.end);
  return { offset, text: comment, script: script && { text: whole ?? '', name: script.name, at: offset - script.start + indent.length } };
}

/** JavaScript or TypeScript that can be parsed: a name of its language, and where it stands in the file. */
interface Script {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The script that an offset is in: the file, or a `<script>` of a page or component; `none` between those. */
function scriptAround(text: string, file: string, offset: number): Script | 'none' | undefined {
  if (/\.[cm]?[jt]sx?$/i.test(file)) return { name: file, start: 0, end: text.length };
  if (!/\.(?:html?|vue|svelte)$/i.test(file)) return undefined;
  const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()); // of the same length, which of all of Unicode it is not
  const tag = lower.lastIndexOf('<script', offset);
  const start = tag < 0 ? 0 : lower.indexOf('>', tag) + 1;
  const closing = tag < 0 ? -1 : lower.indexOf('</script', tag);
  const end = closing < 0 ? text.length : closing;
  if (start === 0 || start > offset || end < offset) return 'none';
  const language = /\blang\s{0,9}=\s{0,9}["']?([jt]sx?)\b/.exec(lower.slice(tag, Math.min(start, tag + 1000)))?.[1] ?? 'js';
  return { name: `script.${language}`, start, end };
}

/** For languages that are not parsed: whether a string of several lines (`"""`, `'''`, Go's backquotes) is open at an offset. */
function isWithinString(text: string, offset: number, comment: string): boolean {
  const token = /\\[\s\S]|"""|'''|["'`\n#]|\/\/|--|\/\*|\*\//g;
  // What ends where one is; undefined in code.
  let closing: string | undefined;
  for (let match = token.exec(text); match && match.index < offset; match = token.exec(text)) {
    const [found] = match;
    if (closing !== undefined) {
      const isOneLine = closing === '"' || closing === "'";
      // `""` and more quotes end a one-line string as one quote does.
      if (found === closing || (isOneLine && found === '\n')) closing = undefined;
      else if (isOneLine && found.startsWith(closing)) {
        closing = undefined;
        token.lastIndex = match.index + 1;
      } else if (closing === '`' && found.startsWith('\\')) token.lastIndex = match.index + 1;
    } else if (found === comment) closing = '\n';
    else if (found === '/*' && comment === '//') closing = '*/';
    else if (found === '"""' || found === "'''" || found === '"' || found === "'" || (found === '`' && comment === '//')) closing = found;
  }
  return closing === '"""' || closing === "'''" || closing === '`';
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
