// What a fresh machine with Node.js and npm lacks, got when it is first needed:
// the dependencies, a VS Code that runs here, a browser to show it in.
// Caches live outside of the checkout (PLATEAU_CACHE, else the system's place for them).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const isWindows = process.platform === 'win32';

const VSCODE_SERVER = '4.139.1';
const SERVER_NODE = '24.21.0';

export function say(text) {
  process.stderr.write(`• ${text}\n`);
}

/** Runs a command with its output shown only if it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, shell: isWindows, ...options });
  if (result.status === 0) return result.stdout ?? '';
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new Error(`${command} ${args.join(' ')} failed (${result.error?.message ?? `exit code ${result.status}`})`);
}

export const cacheFolder = () => {
  const home = os.homedir();
  const base =
    process.env.PLATEAU_CACHE ??
    path.join(
      process.env.XDG_CACHE_HOME ??
        (isWindows ? (process.env.LOCALAPPDATA ?? home) : process.platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache')),
      'plateau-dev',
    );
  mkdirSync(base, { recursive: true });
  return base;
};

/** Installs the dependencies that the lock file names, unless that is what is there. */
export function ensureDependencies() {
  // A link leads to another checkout's packages, which are not ours to delete.
  if (lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const stamp = path.join(root, 'node_modules', '.plateau-stamp');
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing dependencies (npm ci, about half a minute)…');
  run('npm', ['ci', '--no-audit', '--no-fund']);
  writeFileSync(stamp, wanted);
}

export async function build({ minify = false } = {}) {
  say('Building…');
  run(process.execPath, ['scripts/build.mjs', ...(minify ? ['--minify'] : [])]);
}

/** A VS Code server and the Node.js that it needs. */
export function ensureVsCode() {
  const folder = path.join(cacheFolder(), `vscode-server-${VSCODE_SERVER}`);
  const found = {
    node: path.join(folder, 'node_modules', `node-${nodePlatform()}`, 'bin', isWindows ? 'node.exe' : 'node'),
    server: path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode'),
  };
  if (existsSync(path.join(folder, 'ready'))) return found;
  if (isWindows) throw new Error('The VS Code server does not run on Windows. Use npm run test:electron, or WSL.');
  say('Installing a VS Code server (about a minute, once)…');
  const part = `${folder}.${process.pid}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  writeFileSync(path.join(part, 'package.json'), '{"private":true}');
  const npm = (args, cwd, env) => run('npm', [...args, '--no-audit', '--no-fund'], { cwd, env: env ?? process.env });
  npm(['install', '--ignore-scripts', `node-${nodePlatform()}@${SERVER_NODE}`, `code-server@${VSCODE_SERVER}`], part);
  const server = path.join(part, 'node_modules', 'code-server', 'lib', 'vscode');
  const bin = path.join(part, 'node_modules', `node-${nodePlatform()}`, 'bin');
  const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
  say('  its own dependencies…');
  npm(['install', '--omit=dev', '--ignore-scripts'], server, env);
  npm(['install', '--omit=dev', '--ignore-scripts'], path.join(server, 'extensions'), env);
  say('  its native modules…');
  npm(['rebuild', '@vscode/spdlog', 'node-pty', '@parcel/watcher', '@vscode/native-watchdog'], server, env);
  writeFileSync(path.join(part, 'ready'), '');
  if (existsSync(folder)) rmSync(part, { recursive: true, force: true });
  else renameSync(part, folder);
  return found;
}

const nodePlatform = () => `${isWindows ? 'win' : process.platform}-${process.arch}`;

/** A Chrome or Chromium that is there, or one that this gets. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  const isDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (isDebian) {
    say('Installing Chromium (once)…');
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']);
    const installed = findBrowser();
    if (installed) return installed;
  }
  say('Downloading Chromium for Playwright (once)…');
  run('npx', ['playwright-core', 'install', 'chromium']);
  const downloaded = run(process.execPath, ['-e', "process.stdout.write(require('playwright-core').chromium.executablePath())"]);
  if (existsSync(downloaded)) return downloaded;
  throw new Error('No Chrome or Chromium was found, and none could be got. Install one, or name it in PLATEAU_BROWSER.');
}

function findBrowser() {
  const candidates = [
    process.env.PLATEAU_BROWSER,
    ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].flatMap((name) =>
      (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name)),
    ),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) => path.join(process.env[name] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe')),
  ];
  return candidates.find((file) => file && existsSync(file));
}
