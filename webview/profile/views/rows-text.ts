export const rowFormats = ['text', 'CSV', 'Markdown'] as const;
export type RowFormat = (typeof rowFormats)[number];

/** A table to be copied: a row is its cells. */
export interface RowsText {
  readonly titles: readonly string[];
  readonly isText: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
}

/** CSV by RFC 4180; what a spreadsheet would take for a formula is quoted. */
const quote = (text: string): string => (/[",\n\r]/.test(text) || /^[=+\-@\t]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

const inMarkdown = (text: string): string =>
  text
    .replace(/[\\|`*_<>[\]]/g, '\\$&')
    .replace(/[\r\n]+/g, ' ')
    .replace(/^ +/, (spaces) => '&nbsp;'.repeat(spaces.length));

/** Rows as text for a clipboard: columns parted by tabs, CSV, or a table of Markdown. */
export function rowsText({ titles, isText, rows }: RowsText, format: RowFormat): string {
  if (format === 'text') return `${[titles, ...rows].map((row) => row.join('\t')).join('\n')}\n`;
  if (format === 'CSV') return `${[titles, ...rows].map((row) => row.map(quote).join(',')).join('\r\n')}\n`;
  const lines = [titles, isText.map((one) => (one ? ':--' : '--:')), ...rows.map((row) => row.map(inMarkdown))];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}
