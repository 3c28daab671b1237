import { readFileSync } from 'node:fs';
import path from 'node:path';
import { rgb } from 'd3';
import { describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { Category } from '../../src/core/profile/categories';
import { type PrunedTree, type PruneLimits, pruneTree } from '../../src/core/profile/views/prune-tree';
import { hoverText } from '../../src/server/hover';
import { analyzeReport } from '../../src/service/export/report';
import { inCode, reportData, writeReport } from '../../src/service/export/report-html';
import { codeSpan, escapeMarkdown, sentence, writeMarkdown } from '../../src/service/export/report-markdown';
import { summarize } from '../../src/service/export/report-summary';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { functionIndex } from '../../src/shared/brands';
import { markedCode } from '../../src/shared/code-text';
import { formatCost, printable } from '../../src/shared/format';
import { fileLocator } from '../../src/source/maps/locate';
import { contrast } from '../../webview/chart/colours';
import { boxTotals, findFunctions, frameName, frameTree, matchFunctions, matchText } from '../../webview/report/frames';
import { LABEL, paletteStyle } from '../../webview/report/palette';
import { finding } from '../support/findings';
import { hostileNames, profileFromText, rawFromText, readOk } from '../support/raw-profile';
import { root } from '../support/run';

const open = (built: BuiltProfile, file = '/tmp/app.cpuprofile'): OpenedProfile =>
  openProfile(file, built, { thresholds: defaultThresholds, locator: fileLocator([]), info: undefined });
const none = { boxes: Number.POSITIVE_INFINITY, share: 0, depth: Number.POSITIVE_INFINITY };

/** The pruned tree as text: `- name (total: 3, self: 1)`, in milliseconds; merged boxes by their count. */
function picture({ tables }: BuiltProfile, limits: Partial<PruneLimits>): string {
  const tree = pruneTree(tables, { ...none, ...limits });
  const name = (box: number): string => {
    const func = tree.func[box] as number;
    return func < 0 ? `${tree.frames[box]} frames` : tables.strings.at(tables.functions.name[func] as number);
  };
  const lines = (box: number): string[] => [
    `${'  '.repeat(tree.depth[box] as number)}- ${name(box)} (total: ${(tree.total[box] as number) / 1000}, self: ${(tree.self[box] as number) / 1000})`,
    ...childrenOf(tree, box).flatMap(lines),
  ];
  return lines(0).join('\n');
}
const childrenOf = (tree: PrunedTree, parent: number): number[] => [...tree.parent.keys()].filter((box) => tree.parent[box] === parent);

const sample = profileFromText(`
  main > parse > next  x40
  main > parse         x20
  main > load > read   x2
  main > log           x2
  main > a > b > c     x1
  (garbage collector)  x10
  (idle)               x25
`);

test.each([
  [3.5, '3.5'],
  [2.25, '2.25'],
  [0.125, '0.13'],
  [12.34, '12.3'],
  [5.0004, '5'],
  [7, '7'],
  [1234.5, '1,235'],
])('a count of %d is shown as %s', (count, text) => expect(formatCost(count, 'count')).toBe(text));

describe('the pruned tree', () => {
  test('without limits it is the tree, without idle time', () => {
    expect(picture(sample, {})).toBe(
      `
- (root) (total: 75, self: 0)
  - main (total: 65, self: 0)
    - parse (total: 60, self: 20)
      - next (total: 40, self: 40)
    - load (total: 2, self: 0)
      - read (total: 2, self: 2)
    - log (total: 2, self: 2)
    - a (total: 1, self: 0)
      - b (total: 1, self: 0)
        - c (total: 1, self: 1)
  - (garbage collector) (total: 10, self: 10)`.trim(),
    );
  });
  test('small frames become one box a parent, which has their cost', () => {
    expect(picture(sample, { share: 0.05 })).toBe(
      `
- (root) (total: 75, self: 0)
  - main (total: 65, self: 0)
    - parse (total: 60, self: 20)
      - next (total: 40, self: 40)
    - 6 frames (total: 5, self: 5)
  - (garbage collector) (total: 10, self: 10)`.trim(),
    );
  });
  test('deep frames too, and one that is alone keeps its name', () => {
    expect(picture(sample, { depth: 2 })).toBe(
      `
- (root) (total: 75, self: 0)
  - main (total: 65, self: 0)
    - parse (total: 60, self: 20)
      - next (total: 40, self: 40)
    - load (total: 2, self: 0)
      - read (total: 2, self: 2)
    - log (total: 2, self: 2)
    - a (total: 1, self: 0)
      - 2 frames (total: 1, self: 1)
  - (garbage collector) (total: 10, self: 10)`.trim(),
    );
  });
  test.each([2, 3, 4, 5, 6, 7, 11])('%i boxes are not exceeded, and the widest are kept', (boxes) => {
    const tree = pruneTree(sample.tables, { ...none, boxes });
    expect(tree.length).toBeLessThanOrEqual(boxes);
    expect(tree.length).toBeGreaterThan(boxes - 2);
    if (boxes >= 6) expect(picture(sample, { boxes })).toContain('- next (total: 40');
  });

  /** Trees of every shape: each sample's stack is a walk of chance. */
  const random = (seed: number): BuiltProfile => {
    let state = seed;
    const next = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % below;
    };
    const lines = Array.from({ length: 150 }, () => {
      const names = Array.from({ length: 1 + next(12) }, () => `f${next(6)}`);
      return next(12) === 0 ? '(idle)' : `${names.join(' > ')} x${1 + next(9)}`;
    });
    return profileFromText(lines.join('\n'));
  };
  test.each([1, 2, 3, 4, 5])('no cost vanishes, whatever is pruned (tree %i)', (seed) => {
    const built = random(seed);
    const { tables } = built;
    const { totals } = open(built);
    const idle = [...tables.nodes.self].filter((_, node) => tables.functions.category[tables.nodes.func[node] as number] === Category.Idle);
    const active = [...tables.nodes.self].reduce((sum, self) => sum + self, 0) - idle.reduce((sum, self) => sum + self, 0);
    expect(active).toBe(totals.active);
    for (const boxes of [2, 3, 10, 60, 400])
      for (const share of [0, 0.01, 0.2])
        for (const depth of [1, 4, 100]) {
          const tree = pruneTree(tables, { boxes, share, depth });
          expect(tree.length).toBeLessThanOrEqual(boxes);
          expect([...tree.self].reduce((sum, self) => sum + self, 0)).toBe(active);
          const frames = [...tree.frames].reduce((sum, count) => sum + count, 0);
          expect(frames).toBe([...pruneTree(tables, none).frames].length);
          for (let box = 0; box < tree.length; box++) {
            const children = childrenOf(tree, box);
            expect(children.reduce((sum, child) => sum + (tree.total[child] as number), tree.self[box] as number)).toBe(tree.total[box]);
            for (const child of children) expect(child).toBeGreaterThan(box);
          }
        }
  });
  test('a stack of 50,000 frames, and 20,000 equal siblings', () => {
    const deep = profileFromText(`${Array.from({ length: 50_000 }, (_, i) => `f${i % 7}`).join(' > ')} x5`);
    const tree = pruneTree(deep.tables, { boxes: 3000, share: 1e-4, depth: 150 });
    expect([tree.length, tree.frames[151], tree.self[151], tree.func[151]]).toEqual([152, 50_000 - 150, 5000, -1]);
    const raw = rawFromText('main');
    for (let id = 3; id < 20_003; id++) {
      raw.nodes.push({ id, callFrame: { functionName: `s${id}`, scriptId: '1', url: 'file:///a.js', lineNumber: id, columnNumber: 0 } });
      raw.nodes[1]?.children?.push(id);
      raw.samples.push(id);
      raw.timeDeltas.push(1000);
    }
    raw.endTime = raw.samples.length * 1000;
    const wide = pruneTree(readOk(raw).tables, { boxes: 3000, share: 0, depth: 150 });
    expect(wide.length).toBe(3000);
    expect([...wide.self].reduce((sum, self) => sum + self, 0)).toBe(20_001_000);
  });
  test('nothing but idle time leaves the root', () => {
    const tree = pruneTree(profileFromText('(idle) x10').tables, none);
    expect([tree.length, tree.total[0]]).toEqual([1, 0]);
  });
});

const parts = { script: 'run("</script>")', style: 'a{}', version: '1.2.3', date: new Date(0), roots: ['/app'] };
const dataOf = (html: string) => JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '');

describe('the HTML report', () => {
  test('every function and line of the tables equals analyzeReport', () => {
    const profile = open(
      readOk(rawFromText(Array.from({ length: 300 }, (_, i) => `main > f${i}@file:///app/f${i % 9}.js:${i + 1} x${1 + (i % 40)}`).join('\n'))),
    );
    const report = analyzeReport(profile, Number.POSITIVE_INFINITY);
    const { functions, lines } = summarize(profile, ['/app'], { functions: 100, lines: 50 });
    expect(functions.length).toBe(100);
    const expected = report.functions.filter(({ name }) => name !== '(root)').slice(0, 100);
    expect(
      functions.map(({ name, self, total, samples, line, selfShare, totalShare }) => [
        name,
        self / 1000,
        total / 1000,
        samples,
        line,
        selfShare * 100,
        totalShare * 100,
      ]),
    ).toEqual(
      expected.map(({ name, selfMs, totalMs, samples, line, selfPct, totalPct }) => [
        name,
        selfMs,
        totalMs,
        samples,
        line,
        expect.closeTo(selfPct, 9),
        expect.closeTo(totalPct, 9),
      ]),
    );
    expect(functions.map(({ file }) => file)).toEqual(expected.map(({ url }) => url.replace('file:///app/', '')));
    expect(lines.map(({ self }) => self / 1000)).toEqual(report.lines.slice(0, 50).map(({ selfMs }) => expect.closeTo(selfMs, 9)));
    const html = writeReport(profile, parts);
    const shown = [...html.replace(/<wbr>/g, '').matchAll(/<tr>(<td.*?)<\/tr>/g)]
      .slice(0, 100)
      .map(([, row]) => [...(row as string).matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell));
    expect(shown.map(([, share, , , , name, place]) => [share, name, place])).toEqual(
      expected.map(({ name, url, line, selfPct }) => [`${selfPct.toFixed(1)} %`, name, `${url.replace('file:///app/', '')}:${line}`]),
    );
    expect(html.match(/<tr><td/g)?.length).toBe(functions.length + lines.length);
  });
  test('what is drawn sums to what is told, and tables point into it', () => {
    const profile = open(sample);
    const summary = summarize(profile, [], { functions: 100, lines: 50 });
    const { data, indexOf } = reportData(profile, summary, []);
    expect(data.boxes.self.reduce((sum, self) => sum + self, 0)).toBe(75_000);
    expect(boxTotals(data)[0]).toBe(data.active);
    expect(data.categories.reduce((sum, { cost }) => sum + cost, 0)).toBe(75_000);
    for (const { func, name } of summary.functions) expect(data.functions.name[indexOf(func) as number]).toBe(name);
  });
  test.each(hostileNames.map((name) => [name]))('the name %j is text', (name) => {
    const raw = rawFromText('main > evil x40');
    for (const node of raw.nodes)
      if (node.callFrame.functionName === 'evil') Object.assign(node.callFrame, { functionName: name, url: `file:///app/${name}.js` });
    const profile = open(readOk(raw), `/tmp/${name}.cpuprofile`);
    const html = writeReport(profile, parts);
    // Exactly the markup that the writer puts there: no element, attribute or comment from the name.
    const tags = (text: string): string[] => [...text.replace(/<wbr>/g, '').matchAll(/<[a-z/!][^\s>]*/gi)].map(([tag]) => tag);
    const plain = writeReport(open(readOk(rawFromText('main > evil@file:///app/evil.js:1 x40'))), parts);
    expect(tags(html)).toEqual(tags(plain));
    expect(html).not.toMatch(/[\u2028\u2029]/);
    const shown = dataOf(html).functions.name as string[];
    expect(shown).toContain(printable(name));
  });
  test('the policy names the script as it stands in the page, and forbids the rest', async () => {
    const html = writeReport(open(sample), parts);
    const script = /<script>(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script))).toString('base64');
    expect(html).toContain(`default-src 'none'; script-src 'sha256-${digest}'`);
    expect(html).not.toMatch(/\b(?:src|href)="(?!data:,")/);
  });
  test('a profile without active time has no graph and says so', () => {
    const html = writeReport(open(profileFromText('(idle) x10')), parts);
    expect(html).not.toContain('id="chart"');
    expect(html).toContain('nothing to draw');
  });
  test('a million bytes of name do not make a million bytes of report', () => {
    const raw = rawFromText('main > evil x40');
    for (const node of raw.nodes)
      if (node.callFrame.functionName === 'evil') Object.assign(node.callFrame, { functionName: 'x'.repeat(1e6), url: `file:///${'y'.repeat(1e6)}` });
    expect(writeReport(open(readOk(raw)), parts).length).toBeLessThan(30_000);
  });
});

describe('the search of the report', () => {
  const profile = open(sample);
  const { data } = reportData(profile, summarize(profile, [], { functions: 100, lines: 50 }), []);
  const totals = boxTotals(data);
  const find = (query: string) => {
    const found = findFunctions(data, query);
    return 'error' in found ? 'error' : matchText(matchFunctions(data, totals, found));
  };
  test.each([
    ['parse', '80.0 % in 1 function'],
    ['PARSE', '80.0 % in 1 function'],
    ['/^(next|read)$/', '56.0 % in 2 functions'],
    ['main.js', '86.7 % in 9 functions'],
    ['nowhere', 'no match'],
    ['(root)', 'no match'],
    ['/(/', 'error'],
    ['(', '13.3 % in 1 function'],
  ])('%s: %s', (query, text) => expect(find(query)).toBe(text));
  test('of several functions the least is told where merged boxes may hold more', () => {
    // main 60 (parse 20 and 7 frames of 15), in a profile where parse has 40 and load 22 in all.
    const name = ['(root)', 'main', 'parse', 'load'];
    const columns = { file: [-1, -1, -1, -1], line: [0, 0, 0, 0], category: [8, 0, 0, 0], self: [0, 25, 40, 22], total: [75, 60, 40, 22] };
    const boxes = { parent: [-1, 0, 0, 1], func: [0, 1, -1, 2], frames: [1, 1, 7, 1], self: [0, 40, 15, 20] };
    const cut = { ...data, active: 75, files: [], functions: { name, ...columns }, boxes };
    const told = (query: string) => matchText(matchFunctions(cut, boxTotals(cut), findFunctions(cut, query) as ReadonlySet<number>));
    expect([told('parse'), told('/parse|load/'), told('/main|load/'), told('nowhere')]).toEqual([
      '53.3 % in 1 function',
      'at least 53.3 % in 2 functions',
      'at least 80.0 % in 2 functions',
      'no match',
    ]);
    expect([frameName(cut, 0), frameName(cut, 2), frameName({ ...cut, depth: 0 }, 2)]).toEqual(['All active time', '7 smaller frames', '7 deeper frames']);
    expect(frameTree(cut).children.map(({ box, children }) => [box, children.length])).toEqual([
      [1, 1],
      [2, 0],
    ]);
  });
});

describe('the Markdown summary', () => {
  test('headline, findings and tables', () => {
    const text = writeMarkdown(open(profileFromText('main > hot@file:///app/src/hot.js:7 x60\nmain > other x40')), { version: '1.2.3', roots: ['/app'] });
    expect(text).toContain('## app.cpuprofile\n');
    expect(text).toContain('**100 ms** recorded');
    expect(text).toContain('| 60.0 ms | 60.0 % | 60.0 ms | 60.0 % | `hot` | `src/hot.js:7` |');
    expect(text).toMatch(/^- 🔴 \*\*hot\*\* \(60\.0 %\): Almost certainly the bottleneck/m);
  });
  test.each(hostileNames.map((name) => [name]))('the name %j keeps to its cell', (name) => {
    const raw = rawFromText('main > evil x40');
    for (const node of raw.nodes)
      if (node.callFrame.functionName === 'evil') Object.assign(node.callFrame, { functionName: name, url: `file:///app/${name}.js` });
    const text = writeMarkdown(open(readOk(raw), `/tmp/${name}.cpuprofile`), { version: '1.2.3', roots: [] });
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows.length).toBeGreaterThan(1);
    // GitHub splits cells at every pipe without a backslash, also within code.
    for (const row of rows) expect([6, 8]).toContain(row.split(/(?<!\\)\|/).length);
    expect(text.replace(/<\/?(?:sub|code)>/g, '').replace(/`[^`\n]*`/g, '')).not.toMatch(/<|(?<!\\)\[|[\u2028\u2029]|@\w|#\d(?!\d*;)/);
  });
  test.each([
    ['a_b*c', 'a\\_b\\*c'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['[x](https://e.example)', '\\[x\\](https:&#8203;//e.example)'],
    ['@babel/core', '@&#8203;babel/core'],
    ['# not a heading', '&#8203;# not a heading'],
    ['fixes #12', 'fixes #&#8203;12'],
    ['1.40 s', '1.40 s'],
    ['1. one', '&#8203;1. one'],
    ['a\nb', 'a␊b'],
  ])('%j becomes %j', (given, wanted) => expect(escapeMarkdown(given)).toBe(wanted));
  test.each([
    ['plain', '`plain`'],
    ['C:\\a\\b.js', '`C:\\a\\b.js`'],
    ['a|b', '<code>a&#124;b</code>'],
    ['`x`', '<code>&#96;x&#96;</code>'],
    ['', ''],
  ])('code %j becomes %j', (given, wanted) => expect(codeSpan(given)).toBe(wanted));
});

describe('code in what a finding says', () => {
  const unescaped = (html: string): string => html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  const withFinding = (summary: string): OpenedProfile => ({ ...open(sample), findings: [finding({ summary, advice: 'Use `some`.' })] });

  test('is an element in HTML and a span in Markdown, without marks', () => {
    const profile = withFinding('`$A` <is> walked, one ` stays.');
    expect(writeReport(profile, parts)).toContain('<p><code>$A</code> &#60;is&#62; walked, one ` stays.</p><p class="dim">Use <code>some</code>.</p>');
    expect(writeMarkdown(profile, parts)).toContain(': `$A` &lt;is&gt; walked, one \\` stays. Use `some`.');
  });
  test('is a span in a hover', () => {
    const profile = open(sample);
    const hover = (summary: string): string =>
      hoverText(profile, [{ finding: finding({ summary, functions: [1] }), status: 'open', note: undefined }], functionIndex(1), undefined, false).value;
    expect(hover('`a|b` and `` `c` `` <b>, one ` stays.')).toContain(': `a|b` and `` `c` `` \\<b\\>, one \\` stays\\. Make');
    expect(hover('`a\n\n# b`')).toContain(': `a # b` Make');
  });
  test.each(hostileNames.map((name) => [name]))('the name %j makes no markup, in code or outside of it', (name) => {
    const given = `${markedCode(name)} and ${name} here`;
    const html = inCode(given);
    // What is left without the elements that the writer makes is text, which reads as the names did.
    const bare = html.replace(/<\/?code>/g, '');
    expect(bare).not.toMatch(/[<>"']/);
    expect(unescaped(/<code>(.*?)<\/code>/s.exec(html)?.[1] ?? '')).toBe(name);
    const markdown = sentence(given)
      .replace(/<\/?code>/g, '')
      .replace(/`[^`\n]*`/g, '');
    expect(markdown).not.toMatch(/<|(?<!\\)\[|[\u2028\u2029]|@\w|#\d(?!\d*;)/);
  });
});

describe('colours', () => {
  test('labels have 4.5:1 on every box, light and dark', () => {
    const fills = [...paletteStyle(Object.values(Category)).matchAll(/--c\d+-\d+:(#[0-9a-f]{6})/g)].map(([, fill]) => fill as string);
    expect(fills.length).toBe(Object.values(Category).length * 12 * 2);
    for (const fill of fills) expect(contrast(rgb(fill), rgb(LABEL)), fill).toBeGreaterThanOrEqual(4.5);
  });
  test('text has 4.5:1 on what it stands on, light and dark', () => {
    const css = readFileSync(path.join(root, 'webview', 'report', 'style.css'), 'utf8');
    const themes = [...css.matchAll(/:root \{([^}]*)\}/g)].map(
      ([, body]) => new Map([...(body as string).matchAll(/--([\w-]+): (#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value])),
    );
    expect(themes.length).toBe(2);
    for (const theme of themes) {
      const colour = (name: string) => rgb(theme.get(name) ?? (name === 'label' ? LABEL : 'none'));
      for (const [text, ground] of [
        ...['text', 'dim', 'accent', 'error', 'warning', 'info'].flatMap((one) => [
          [one, 'page'],
          [one, 'raised'],
        ]),
        ['off-text', 'off'],
        ['label', 'merged'],
      ] as [string, string][])
        expect(contrast(colour(text), colour(ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});
