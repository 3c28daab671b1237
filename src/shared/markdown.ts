import { markedCode, textParts } from './code-text';
import { printable, shorten } from './format';
import { MAX_MESSAGE } from './plain-text';

/** Markdown whose markup is Plateau's own; only `markdown` and its sisters make it. */
export interface Markdown {
  readonly kind: 'markdown';
  readonly value: string;
}

const own = (value: string): Markdown => ({ kind: 'markdown', value });

/** Markdown with values in it: markup stands in the template, and a string that is put in is text, whatever it holds. */
export function markdown(template: TemplateStringsArray, ...values: readonly (string | number | Markdown)[]): Markdown {
  const parts = template.map((text, at) => {
    const value = values[at];
    return text + (value === undefined ? '' : typeof value === 'object' ? value.value : markdownText(String(value)));
  });
  return own(parts.join(''));
}

/** Parts with a separator that is markup. */
export const joinMarkdown = (parts: readonly Markdown[], separator: string): Markdown => own(parts.map(({ value }) => value).join(separator));

/** A sentence with code between backticks: the code as such, the rest as text. */
export const markdownSentence = (text: string): Markdown =>
  own(
    textParts(text)
      .map((part) => (part.isCode ? markedCode(oneLine(part.text)) : markdownText(part.text)))
      .join(''),
  );

/** A link to a command of Plateau's, which only VS Code follows. */
export const commandLink = (label: string, name: string, args: readonly unknown[], title?: string): Markdown =>
  own(`[${markdownText(label)}](${commandUri(name, args)}${title === undefined ? '' : ` "${markdownText(title)}"`})`);

/** A command as an address. */
export const commandUri = (name: string, args: readonly unknown[]): string =>
  `command:${name}?${encodeURIComponent(JSON.stringify(args)).replace(/[()']/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`;

/**
 * Text as Markdown text: nothing in it is markup, HTML or an icon, and a table's cell stays
 * one. Readers make links of addresses without any markup: a zero-width space ends them.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/:(?=\/\/)|www(?=\.)|@(?=\S)/gi, '$&\u200b')
    .replace(/[\\`*_{}[\]<>()#+\-.!|~&$="]/g, '\\$&');
}

const oneLine = (text: string): string => printable(shorten(text, MAX_MESSAGE).replace(/[\r\n\t\u2028\u2029]+/g, ' '));
