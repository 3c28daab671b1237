import { createHash } from 'node:crypto';
import { Category, categoryNames } from '../../core/profile/categories';
import { functionAt } from '../../core/profile/tables';
import { type PruneLimits, pruneTree } from '../../core/profile/views/prune-tree';
import { functionIndex } from '../../shared/brands';
import { textParts } from '../../shared/code-text';
import { levelWords } from '../../shared/finding-status';
import { formatCost, formatCount, formatShare, plural } from '../../shared/format';
import type { ReportData } from '../../shared/report-data';
import type { FindingLevel } from '../../shared/reported-finding';
import type { OpenedProfile } from '../profile/opened-profile';
import { minuteOf } from '../recordings/describe-recording';
import { type FindingSummary, type FunctionRow, type HotLineRow, nameOf, nameOfFile, placeOf, type ReportSummary, summarize } from './report-summary';

/**
 * The report: one HTML file that needs nothing else, for people without Plateau.
 * What there is to read is markup; the script (`webview/report`) draws the flame
 * graph from the JSON in it, and makes tables sortable. The content security policy
 * names the one script by its hash and forbids everything that would need a network,
 * so a name in a profile can neither run nor load anything.
 */
export interface ReportParts {
  /** `dist/report.js` and `dist/report.css`. */
  readonly script: string;
  readonly style: string;
  readonly version: string;
  /** When the report is made. */
  readonly date: Date;
  /** Paths inside of these folders are shown from there. */
  readonly roots: readonly string[];
}

/** 3,000 boxes of SVG are drawn in a third of a second, and are 100 kB of the file. */
const LIMITS: PruneLimits = { boxes: 3000, share: 1e-4, depth: 150 };
const TOP = { functions: 100, lines: 50 };

export function writeReport(profile: OpenedProfile, parts: ReportParts): string {
  const summary = summarize(profile, parts.roots, TOP);
  const script = parts.script.replace(/<\/(?=script)/gi, '<\\/').replace(/\n\/\/# sourceMappingURL=.*/g, '');
  const style = parts.style.replace(/<\/(?=style)/gi, '<\\/').replace(/\/\*# sourceMappingURL=.*?\*\//g, '');
  const { data, indexOf } = reportData(profile, summary, parts.roots);
  const policy = `default-src 'none'; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Plateau ${text(parts.version)}">
<link rel="icon" href="data:,">
<title>${text(summary.title)} – ${summary.unit === 'microseconds' ? 'CPU profile' : 'profile'}</title>
<style>${style}</style>
</head>
<body>
<main>
${header(summary)}
${findings(summary, indexOf)}
${flame(summary)}
${functionTable(summary, indexOf)}
${lineTable(summary)}
${warnings(summary)}
</main>
<footer>Made by Plateau ${text(parts.version)} on <time datetime="${parts.date.toISOString()}">${minuteOf(parts.date)}</time>. Shares are of ${summary.whole}${
    summary.unit === 'microseconds' ? ', everything sampled but idle' : ''
  }; a function that recurses counts once per stack.</footer>
<!-- The flame graph is drawn by d3-flame-graph (Apache-2.0, Martin Spier) with d3 (ISC, Mike Bostock). -->
<script type="application/json" id="data">${json(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function header({ title, subtitle, loop, figures }: ReportSummary): string {
  const list = figures.map(({ label, value }) => `<div><dd>${text(value)}</dd><dt>${text(label)}</dt></div>`).join('');
  const more = loop === undefined ? '' : `\n<p class="loop">${text(loop)}</p>`;
  return `<header>\n<h1>${text(title)}</h1>\n<p class="dim">${text(subtitle)}</p>\n<dl class="figures">${list}</dl>${more}\n</header>`;
}

function findings({ findings: list, none }: ReportSummary, indexOf: IndexOf): string {
  if (list.length === 0) return `<section>\n<h2>Findings</h2>\n<p class="dim">${text(none)}</p>\n</section>`;
  const item = ({ level, title, message, advice, sharePct, func, where }: FindingSummary): string =>
    `<li class="${text(level)}"><h3><span class="level">${levelWords[level as FindingLevel] ?? text(level)}</span> <span class="name${func === undefined ? '' : ' code'}"${reference(func, indexOf)}>${text(title)}</span> <span class="share">${formatShare(sharePct / 100)}</span>${where === '' ? '' : ` <span class="code dim">${text(where)}</span>`}</h3><p>${inCode(message)}</p><p class="dim">${inCode(advice)}</p></li>`;
  return `<section>\n<h2>Findings</h2>\n<ul class="findings">\n${list.map(item).join('\n')}\n</ul>\n</section>`;
}

function flame({ active, unit, whole }: ReportSummary): string {
  const head = `<section id="flame">\n<h2>Flame graph</h2>`;
  if (!(active > 0)) return `${head}\n<p class="dim">There is nothing to draw: the profile holds no ${whole}.</p>\n</section>`;
  return `${head}\n<p class="dim">Callers are above what they call. The width of a box is its share of ${whole}, ${text(formatCost(active, unit))}.</p>\n<div id="chart"></div>\n<noscript><p>The flame graph is drawn by a script, which this browser does not run. The tables hold the numbers.</p></noscript>\n</section>`;
}

function functionTable({ functions, unit }: ReportSummary, indexOf: IndexOf): string {
  const row = (one: FunctionRow): string =>
    `<tr>${cost(one.self, formatCost(one.self, unit))}${bar(one.selfShare)}${cost(one.total, formatCost(one.total, unit))}${bar(one.totalShare)}${cost(one.samples, formatCount(one.samples))}<td class="name"${reference(one.func, indexOf)}>${text(one.name)}</td>${placeCell(one)}<td class="category">${text(one.category)}</td></tr>`;
  const heads = ['Self', 'Self share', 'Total', 'Total share', 'Samples', 'Function', 'Place', 'Category'];
  return table(
    'Functions',
    `The ${functions.length < TOP.functions ? '' : `${TOP.functions} `}functions with the most cost of their own`,
    heads,
    5,
    functions.map(row),
  );
}

function lineTable({ lines, unit }: ReportSummary): string {
  if (lines.length === 0) return '';
  const row = (one: HotLineRow): string =>
    `<tr>${cost(one.self, formatCost(one.self, unit))}${bar(one.share)}${placeCell(one)}<td class="name">${text(one.name)}</td></tr>`;
  return table('Hot lines', 'All functions on a line together', ['Self', 'Self share', 'Line', 'Function'], 2, lines.map(row));
}

/** The first `numbers` columns hold numbers; the table comes sorted by the first one. */
function table(title: string, caption: string, heads: readonly string[], numbers: number, rows: readonly string[]): string {
  const head = (name: string, i: number): string =>
    `<th scope="col"${i < numbers ? ' class="number"' : ''}${i === 0 ? ' aria-sort="descending"' : ''}>${name}</th>`;
  return `<section>\n<h2>${title}</h2>\n<div class="wide"><table>\n<caption>${caption}</caption>\n<thead><tr>${heads.map(head).join('')}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>\n</section>`;
}

/** Long paths break after a separator. */
const placeCell = (row: { readonly file: string; readonly line: number }): string =>
  `<td class="place">${text(placeOf(row)).replace(/[/\\]/g, '$&<wbr>')}</td>`;
const cost = (value: number, shown: string): string => `<td class="number" data-v="${value}">${text(shown)}</td>`;
const bar = (share: number): string =>
  `<td class="number share" data-v="${share}" style="--w:${(Math.min(1, Math.max(0, share)) * 100).toFixed(1)}%">${formatShare(share)}</td>`;

function warnings({ warnings: list }: ReportSummary): string {
  if (list.length === 0) return '';
  return `<section>\n<h2>${plural(list.length, 'warning').replace(/^1 /, 'A ')}</h2>\n<ul class="warnings">\n${list.map((one) => `<li>${text(one)}</li>`).join('\n')}\n</ul>\n</section>`;
}

type IndexOf = (func: number) => number | undefined;

/** What the script makes a button of: the function's row in the data. */
function reference(func: number | undefined, indexOf: IndexOf): string {
  const index = func === undefined ? undefined : indexOf(func);
  return index === undefined ? '' : ` data-f="${index}"`;
}

/** The share of a function that can be searched for, though none of its frames may be wide enough to be drawn. */
const SEARCHABLE = 0.001;

/** Only what is drawn, named in a table or large enough to be searched for goes into the file. */
export function reportData(profile: OpenedProfile, summary: ReportSummary, roots: readonly string[]): { readonly data: ReportData; readonly indexOf: IndexOf } {
  const { tables, costs, totals, sources } = profile;
  const tree = pruneTree(tables, LIMITS);
  const rows = new Map<number, number>();
  const rowOf = (func: number): number => {
    let row = rows.get(func);
    if (row === undefined) {
      row = rows.size;
      rows.set(func, row);
    }
    return row;
  };
  const func = Array.from(tree.func, (one) => (one < 0 ? -1 : rowOf(one)));
  for (const one of [...summary.functions, ...summary.findings]) if (one.func !== undefined) rowOf(one.func);
  for (let one = 0; one < costs.total.length; one++) {
    if (tables.functions.category[one] !== Category.Idle && (costs.total[one] as number) > totals.active * SEARCHABLE) rowOf(one);
  }
  const files = new Map<string, number>();
  const fileOf = (name: string): number => {
    if (name === '') return -1;
    if (!files.has(name)) files.set(name, files.size);
    return files.get(name) as number;
  };
  const functions = [...rows.keys()].map((one) => {
    const view = functionAt(tables, functionIndex(one));
    const place = view.url === '' ? undefined : sources.place(functionIndex(one));
    return {
      name: nameOf(view.name),
      file: fileOf(nameOfFile(place?.file ?? view.url, roots)),
      line: place?.line ?? view.line + 1,
      category: view.category,
      self: costs.self[one] as number,
      // The root's has idle time in it, which is no part of what is drawn.
      total: view.category === Category.Root ? totals.active : (costs.total[one] as number),
    };
  });
  const byCategory = new Map<Category, number>();
  for (let one = 0; one < costs.self.length; one++) {
    const category = tables.functions.category[one] as Category;
    if (category !== Category.Idle) byCategory.set(category, (byCategory.get(category) ?? 0) + (costs.self[one] as number));
  }
  const data: ReportData = {
    unit: tables.unit,
    active: totals.active,
    whole: summary.whole,
    depth: LIMITS.depth,
    categories: [...byCategory]
      .filter(([, value]) => value > 0)
      .sort((a, b) => b[1] - a[1])
      .map(([category, value]) => ({ category, name: categoryNames[category] ?? '', cost: value })),
    files: [...files.keys()],
    functions: {
      name: functions.map(({ name }) => name),
      file: functions.map(({ file }) => file),
      line: functions.map(({ line }) => line),
      category: functions.map(({ category }) => category),
      self: functions.map(({ self }) => self),
      total: functions.map(({ total }) => total),
    },
    boxes: { parent: [...tree.parent], func, frames: [...tree.frames], self: [...tree.self] },
  };
  return { data, indexOf: (one) => rows.get(one) };
}

/** Text for markup, in an element or a quoted attribute. */
function text(value: string): string {
  return value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A sentence for markup, what is code in it as such. */
export const inCode = (sentence: string): string =>
  textParts(sentence)
    .map((part) => (part.isCode ? `<code>${text(part.text)}</code>` : text(part.text)))
    .join('');

/** JSON that cannot end the script element that it stands in, nor a line of it. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
