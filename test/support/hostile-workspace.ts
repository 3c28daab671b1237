import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { writeSettings } from '../../scripts/vscode-server.mjs';
import { type SmallNode, snapshotText } from './heap';
import { rawFromText } from './raw-profile';
import { cli } from './run';

/** An icon that VS Code shows nowhere else in these windows. */
const ICON = 'snake';

/** Listens for what a name makes anybody load. */
export interface Trap {
  readonly port: number;
  readonly visits: readonly string[];
  close(): void;
}

export async function openTrap(): Promise<Trap> {
  const visits: string[] = [];
  const server = http.createServer(({ url = '' }, response) => {
    visits.push(url);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, visits, close: () => server.close() };
}

export const command = '[Open](command:workbench.action.terminal.new)';

/** Names that would like to be more than names, each short enough to be shown whole. */
export const names = (port: number) =>
  ({
    command,
    icon: `$(${ICON}) icon`,
    image: `<img src=//127.0.0.1:${port}/a onerror=hacked=1>`,
    picture: `![x](http://127.0.0.1:${port}/b.png)`,
    address: `http://127.0.0.1:${port}/c`,
    turned: 'a\u202egpj.exe',
    ansi: '\u001b[31mred\u001b[0m',
    long: 'x'.repeat(10_000),
  }) as const;

/** All of them in one. */
export const title = (port: number): string =>
  Object.entries(names(port))
    .filter(([name]) => name !== 'long')
    .map(([, text]) => text)
    .join(' ');

/** The base of a file's name; no slash can be in it. */
export const fileName = `${command} $(${ICON}) <img src=x onerror=hacked=1>`;

/** Fills a workspace with profiles, a heap snapshot, a report and a package of whoever chose those names. */
export function fillHostile(folder: string, port: number): void {
  writeSettings(folder, { 'plateau.codeLens.cost': true });
  const all = Object.entries(names(port));
  const source = path.join(folder, 'src', 'hostile.mjs');
  writeFileSync(source, all.map(([name]) => `export function ${name}Work() {\n  let sum = 0;\n  return sum;\n}\n`).join(''));
  const recordings = path.join(folder, '.plateau', 'profiles');
  mkdirSync(recordings, { recursive: true });
  const raw = rawFromText(all.map(([name], at) => `main > ${name}@file://${source}:${at * 4 + 1} x${at < 2 ? 400 : 40}`).join('\n'));
  for (const node of raw.nodes) {
    const text = names(port)[node.callFrame.functionName as keyof ReturnType<typeof names>];
    if (text === undefined) continue;
    node.positionTicks = [{ line: node.callFrame.lineNumber + 2, ticks: node.hitCount ?? 0 }];
    // Where V8 says that a function is: its parameters.
    node.callFrame.columnNumber = `export function ${node.callFrame.functionName}Work`.length;
    node.callFrame.functionName = text;
  }
  writeFileSync(path.join(recordings, `${fileName}.cpuprofile`), JSON.stringify(raw));
  const info = {
    version: 1,
    title: title(port),
    recordedAt: new Date().toISOString(),
    recipe: { kind: 'command', command: `echo ${title(port)}`, cwd: folder },
    node: 'v20.20.2',
    pid: 4242,
    interval: 1000,
    headline: { duration: 1_040_000, active: 1_040_000, samples: 1040, top: { name: title(port), selfShare: 0.2 } },
    sources: {},
  };
  writeFileSync(path.join(recordings, `${fileName}.plateau.json`), JSON.stringify(info));
  writeFileSync(path.join(recordings, `heap ${fileName}.heapsnapshot`), snapshotText(hostileObjects(port)));
  writeFileSync(
    path.join(folder, 'leak.mjs'),
    `import { existsSync, rmSync } from 'node:fs';
const name = ${JSON.stringify(command)};
const { [name]: Kept } = { [name]: class { constructor() { this.text = String(Math.random()); } } };
globalThis[name] = [];
setInterval(() => {
  if (!existsSync('knock')) return;
  for (let i = 0; i < 3100; i++) globalThis[name].push(new Kept());
  rmSync('knock');
}, 20);
`,
  );
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'hostile', scripts: Object.fromEntries(all.map(([, text]) => [text, `node -e 0 ${command} $(${ICON})`])) }),
  );
}

function hostileObjects(port: number): SmallNode[] {
  const all = Object.values(names(port));
  return [
    { type: 'synthetic', name: '', id: 1, size: 0, edges: all.map((name, at) => ({ type: 'property', name, to: at + 1 })) },
    ...all.map((name, at): SmallNode => ({ type: at % 2 === 0 ? 'object' : 'string', name, id: 3 + at * 2, size: 64 + at })),
  ];
}

/** What the doctor found for a small program, with every word of it replaced by whoever sent the report. */
export function addHostileReport(folder: string, port: number): string {
  const recordings = path.join(folder, '.plateau', 'profiles');
  const before = existsSync(recordings) ? readdirSync(recordings) : [];
  writeFileSync(path.join(folder, 'spin.mjs'), 'const end = process.cpuUsage().user + 4e5;\nwhile (process.cpuUsage().user < end) Math.sqrt(2);\n');
  const ran = spawnSync(process.execPath, [cli, 'doctor', '--', process.execPath, 'spin.mjs'], { cwd: folder, encoding: 'utf8' });
  const made = readdirSync(recordings).find((name) => name.endsWith('.doctor.json') && !before.includes(name));
  if (made === undefined) throw new Error(`${ran.stdout}${ran.stderr}`);
  const words = new Set(['title', 'summary', 'advice', 'reason', 'question', 'label', 'value', 'command', 'name']);
  const report: unknown = JSON.parse(readFileSync(path.join(recordings, made), 'utf8'), (key, value: unknown) =>
    typeof value === 'string' && words.has(key) ? title(port) : key === 'notes' ? [title(port)] : value,
  );
  writeFileSync(path.join(recordings, made), JSON.stringify(report));
  const name = `${fileName}.doctor.json`;
  renameSync(path.join(recordings, made), path.join(recordings, name));
  return name;
}

/** What of a name has come to life in a window: links, icons, pictures, elements, scripts, turned text; nothing where all is well. */
export async function alive(page: Page, port: number): Promise<string[]> {
  const found = await Promise.all(page.frames().map((frame) => aliveIn(frame, port)));
  return found.flat();
}

const aliveIn = (frame: Frame, port: number): Promise<string[]> =>
  frame
    .evaluate(
      ([host, icon]) => {
        const bad: string[] = [];
        for (const element of document.querySelectorAll('*')) {
          for (const name of ['href', 'data-href', 'src', 'srcset', 'action', 'onerror', 'xlink:href']) {
            const value = element.getAttribute(name);
            if (value !== null && /^command:workbench\.action\.terminal\.new/.test(value)) bad.push(`${name} ${value}`);
            if (value?.includes(host as string) && !element.matches('link, base, iframe, script')) bad.push(`${name} ${value}`);
          }
          if (element.classList.contains(`codicon-${icon}`)) bad.push(`icon of ${element.parentElement?.textContent}`);
          if (element.matches('img[src=x]') || element.hasAttribute('onerror')) bad.push(element.outerHTML.slice(0, 200));
        }
        if ('hacked' in window) bad.push('a script ran');
        return bad;
      },
      [`127.0.0.1:${port}`, ICON] as const,
    )
    .catch(() => []); // a frame that went away meanwhile
