/** The folder that cases run in, one after another: `work`, and around it what must not be reached. */
import fs from 'node:fs';
import path from 'node:path';
import { SECRET } from './hostile';
import { type Case, placed } from './make-case';
import { unguarded } from './unguarded';

export interface CaseFolder {
  readonly root: string;
  /** The working folder of the case. */
  readonly work: string;
  /** Writes the files of a case, and nothing else is there. */
  fill(one: Case): void;
  /** What the guard has refused since the last call. */
  refused(): string[];
  /** What was written that nobody asked for. */
  unexpected(one: Case): string[];
  remove(): void;
}

/** Always there. */
const own = new Set(['pipe', 'link.json', 'folder']);

/** Lays out a new folder at `root`. */
export function caseFolder(root: string): CaseFolder {
  const work = path.join(root, 'work');
  for (const name of ['work/folder', 'outside', 'home', 'tmp']) fs.mkdirSync(path.join(root, name), { recursive: true });
  fs.writeFileSync(path.join(root, 'outside', 'secret.json'), `${SECRET} is no JSON\n`);
  fs.writeFileSync(path.join(root, 'guard.log'), '');
  fs.symlinkSync('../outside/secret.json', path.join(work, 'link.json'));
  unguarded.execFileSync('mkfifo', [path.join(work, 'pipe')]);
  const before = new Set(list(root));
  let told = 0;
  return {
    root,
    work,
    fill({ kind, bytes }) {
      for (const name of fs.readdirSync(work)) if (!own.has(name)) fs.rmSync(path.join(work, name), { recursive: true, force: true });
      for (const [name, content] of Object.entries(kind.files)) {
        const file = path.join(work, name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.writeFileSync(file, name === kind.target ? bytes : placed(content, work));
      }
    },
    refused() {
      const text = fs.readFileSync(path.join(root, 'guard.log'), 'utf8');
      const lines = text.slice(told).split('\n').filter(Boolean);
      told = text.length;
      return lines.map((line) => JSON.parse(line) as string);
    },
    unexpected({ kind, ask }) {
      const asked = (file: string): boolean => before.has(file) || (ask.args.includes('--out') && file === 'work/out.written') || /^work\/storage/.test(file);
      const files = new Set(Object.keys(kind.files).map((name) => `work/${name}`));
      const found = list(root).filter((file) => !asked(file) && !files.has(file) && ![...files].some((one) => one.startsWith(`${file}/`)));
      for (const file of found) if (!file.startsWith('work/')) fs.rmSync(path.join(root, file), { recursive: true, force: true });
      return found.map((file) => `written and not asked for: ${file}`);
    },
    remove: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}

const list = (root: string): string[] => (fs.readdirSync(root, { recursive: true }) as string[]).map((name) => name.split(path.sep).join('/'));
