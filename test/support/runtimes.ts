import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const DENO = '2.9.6';
const BUN = '1.4.5';

/** A folder with `deno` and `bun` of known versions: from the test tools' cache, into which npm puts them first. */
export function runtimes(): { readonly bin: string; readonly deno: string; readonly bun: string } {
  const base = process.env.PLATEAU_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'plateau-dev');
  const folder = path.join(base, `runtimes-deno-${DENO}-bun-${BUN}`);
  const denoPackage = `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}`;
  const bunPackage = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}`;
  const deno = path.join(folder, 'node_modules', denoPackage, 'deno');
  const bun = path.join(folder, 'node_modules', bunPackage, 'bin', 'bun');
  if (!existsSync(deno) || !existsSync(bun)) {
    mkdirSync(folder, { recursive: true });
    const got = spawnSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `${denoPackage}@${DENO}`, `${bunPackage}@${BUN}`], {
      encoding: 'utf8',
    });
    if (!existsSync(deno) || !existsSync(bun)) throw new Error(`Deno and Bun could not be had from npm: ${got.stderr}`);
  }
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, file] of [
    ['deno', deno],
    ['bun', bun],
  ] as const) {
    if (!existsSync(path.join(bin, name))) symlinkSync(file, path.join(bin, name));
  }
  return { bin, deno, bun };
}
