import { textParts } from '../../shared/code-text';
import { formatCost, formatShare, printable, shorten } from '../../shared/format';
import type { OpenedProfile } from '../profile/opened-profile';
import { placeOf, summarize } from './report-summary';

const TOP = { functions: 10, lines: 10 };

/** The summary as GitHub-flavoured Markdown, for a pull request comment: headline, findings, the costliest functions and lines. */
export function writeMarkdown(profile: OpenedProfile, context: { readonly version: string; readonly roots: readonly string[] }): string {
  const { title, subtitle, loop, unit, whole, figures, findings, none, functions, lines, warnings } = summarize(profile, context.roots, TOP);
  const marks: Readonly<Record<string, string>> = { error: '🔴', warning: '🟠', info: '🔵' };
  const text: string[] = [
    `## ${escapeMarkdown(shorten(title, 120))}`,
    '',
    escapeMarkdown(subtitle),
    '',
    figures.map(({ label, value }) => `**${escapeMarkdown(value)}** ${escapeMarkdown(label)}`).join(' · '),
  ];
  if (loop !== undefined) text.push('', escapeMarkdown(loop));
  text.push('', '### Findings', '');
  for (const { level, title: name, sharePct, message, advice, where } of findings) {
    const at = where === '' ? '' : `, ${codeSpan(where)}`;
    text.push(`- ${marks[level] ?? '▪️'} **${escapeMarkdown(name)}** (${formatShare(sharePct / 100)}${at}): ${sentence(message)} ${sentence(advice)}`);
  }
  if (findings.length === 0) text.push(none);
  const cost = (value: number): string => formatCost(value, unit);
  const costly = functions.filter(({ self }) => self > 0);
  if (costly.length > 0) {
    text.push('', '### Functions', '', '| Self | | Total | | Function | Place |', '|--:|--:|--:|--:|---|---|');
    for (const one of costly)
      text.push(
        row([
          cost(one.self),
          formatShare(one.selfShare),
          cost(one.total),
          formatShare(one.totalShare),
          codeSpan(shorten(one.name, 60)),
          codeSpan(shorten(placeOf(one), 90)),
        ]),
      );
  }
  if (lines.length > 0) {
    text.push('', '### Hot lines', '', '| Self | | Line | Function |', '|--:|--:|---|---|');
    for (const one of lines) text.push(row([cost(one.self), formatShare(one.share), codeSpan(shorten(placeOf(one), 90)), codeSpan(shorten(one.name, 60))]));
  }
  if (warnings.length > 0) text.push('', '### Warnings', '', ...warnings.map((warning) => `- ${escapeMarkdown(warning)}`));
  text.push('', `<sub>Made by Plateau ${escapeMarkdown(context.version)}. Shares are of ${whole}.</sub>`, '');
  return text.join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * Text that stands as it is within a line: no markup, no HTML, no formula. GitHub also
 * makes links of `@name`, `#1` and addresses; a zero-width space after the sign stops that.
 */
export function escapeMarkdown(value: string): string {
  return printable(value)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/@(?=\w)|#(?=\d)|:(?=\/\/)|www(?=\.)/gi, '$&&#8203;')
    .replace(/^(\s*)([-+#]|\d+(?=[.)](?:\s|$)))/, '$1&#8203;$2');
}

/** A sentence with code in it: the code as such, the rest as text. */
export const sentence = (value: string): string =>
  textParts(value)
    .map(({ text, isCode }) => (isCode ? codeSpan(text) : escapeMarkdown(text)))
    .join('');

/** Text as code: GitHub makes no links of it. A pipe or a backtick, which code in a table cannot hold, needs HTML. */
export function codeSpan(value: string): string {
  const shown = printable(value).trim();
  if (shown === '') return '';
  if (!/[|`]/.test(shown)) return `\`${shown}\``;
  return `<code>${shown.replace(/[!-/:-@[-`{-~]/g, (char) => `&#${char.charCodeAt(0)};`)}</code>`;
}
