import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findProgram } from './find-program';
import { FIRST } from './node-chain';
import { perlScript } from './node-in-front-perl';
import { shellScript } from './node-in-front-shell';
import { quoteNodeOption } from './node-options';

/** What the `node` in front of PATH is to know. */
export interface FrontPaths {
  /** The folder that stands in front of PATH. */
  readonly bin: string;
  readonly hook: string;
  /** Where processes of the recording write. */
  readonly results: string;
  /** What stands in NODE_OPTIONS. */
  readonly option: string;
}

/**
 * Puts a `node` into the session's folder that stands in front of PATH. A shell script may
 * replace NODE_OPTIONS (`NODE_OPTIONS=… jest`), a launcher may drop it; the hook in it is
 * put back here, and the real Node.js takes the place of the script. None on Windows,
 * where a batch file in that place would end the one that calls it, and none where no file
 * of that folder may be run.
 *
 * Perl leaves everything as it is: the environment, the name that a program is called by,
 * and standard error. A shell adds PWD and SHLVL, complains of a locale or a folder that is
 * not there, and drops variables whose names are not its own; it is taken where Perl is missing.
 */
export function nodeInFront(folder: string, results: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'win32') return undefined;
  const bin = path.join(folder, 'bin');
  const hook = path.join(folder, 'hook.cjs');
  const paths: FrontPaths = { bin, hook, results, option: quoteNodeOption(`--require=${hook}`) };
  const file = path.join(bin, 'node');
  fs.mkdirSync(bin);
  fs.writeFileSync(file, hasPerl() ? perlScript(paths) : shellScript(paths), { mode: 0o755 });
  fs.chmodSync(file, 0o755);
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return bin;
  } catch {
    fs.rmSync(bin, { recursive: true, force: true }); // mounted without the right to run what is in it
    return undefined;
  }
}

/** `env -S` (coreutils 8.30, macOS) keeps Perl from complaining of a locale. */
function hasPerl(): boolean {
  return fs.existsSync('/usr/bin/perl') && spawnSync('/usr/bin/env', ['-S', 'PERL_BADLANG=0 /usr/bin/perl -X -e 1'], { stdio: 'ignore' }).status === 0;
}

/** What lies beside Node.js, and is looked for beside it: `$(dirname $(which node))/npx`. */
const BESIDE = ['npm', 'npx', 'corepack', 'yarn', 'pnpm'];

/** Puts what lies beside the first `node` in PATH beside the session's, where PATH leads there too. */
export function besideNode(bin: string, searchPath: string): void {
  const node = findProgram('node', searchPath);
  if (node === undefined) return;
  link(path.resolve(node), path.join(bin, '..', FIRST));
  for (const name of BESIDE) {
    const file = path.join(path.dirname(node), name);
    if (findProgram(name, searchPath) === file) link(fs.realpathSync(file), path.join(bin, name));
  }
  for (const name of ['lib', 'include']) {
    const folder = path.join(path.dirname(node), '..', name);
    if (fs.existsSync(folder)) link(fs.realpathSync(folder), path.join(bin, '..', name));
  }
}

function link(target: string, name: string): void {
  try {
    fs.symlinkSync(target, name);
  } catch {
    // It is there already, or removed meanwhile.
  }
}
