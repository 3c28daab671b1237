// Starts a VS Code server with the extension from this checkout, for tests, pictures and people.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ensureVsCode, root, run } from './setup.mjs';

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Puts what the VSIX would hold into an extensions folder: Plateau as a user has it. */
function installPlateau(extensions) {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const folder = path.join(extensions, `${publisher}.${name}-${version}`);
  for (const file of run('npx', ['vsce', 'ls']).split('\n').filter(Boolean)) cpSync(path.join(root, file), path.join(folder, file));
}

/**
 * Starts it with a private data folder. Gives `url(workspace, tests)` and `stop()`.
 *
 * By default the checkout is under development in it, which needs the driver of
 * VS Code's own tests, and that hides notification toasts. With `asUser` Plateau
 * is installed and nothing is different from what a user has.
 */
export async function startVsCode({ extension = root, env = {}, trusted = true, installed = [], asUser = false } = {}) {
  const { node, server } = ensureVsCode();
  const port = await freePort();
  const data = mkdtempSync(path.join(os.tmpdir(), 'plateau-vscode-'));
  const extensions = path.join(data, 'extensions');
  mkdirSync(extensions);
  for (const folder of installed) cpSync(folder, path.join(extensions, path.basename(folder)), { recursive: true });
  if (asUser) installPlateau(extensions);
  const args = [
    path.join(server, 'out', 'server-main.js'),
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...(trusted ? ['--disable-workspace-trust'] : []),
    ...(asUser ? [] : ['--enable-smoke-test-driver']),
    ...['--telemetry-level', 'off', '--server-data-dir', data, '--extensions-dir', extensions],
  ];
  // A group of its own, so that everything it starts ends with it.
  const child = spawn(node, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  const collect = (chunk) => {
    log += chunk;
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`VS Code did not start within 60 s:\n${log}`)), 60_000);
    child.once('exit', (code) => reject(new Error(`VS Code ended with code ${code}:\n${log}`)));
    child.stdout.on('data', () => {
      if (!log.includes('Extension host agent listening')) return;
      clearTimeout(timer);
      resolve();
    });
  });
  const authority = `127.0.0.1:${port}`;
  const remote = (file) => `vscode-remote://${authority}${file}`;
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It ended by itself.
    }
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  process.once('exit', () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  });
  return {
    data,
    pid: child.pid,
    log: () => log,
    stop,
    url(workspace, tests) {
      const development = asUser ? [] : [['extensionDevelopmentPath', remote(extension)], ...(tests ? [['extensionTestsPath', remote(tests)]] : [])];
      const payload = [...development, ['skipWelcome', 'true']];
      return `http://${authority}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    },
  };
}

/** Writes a workspace's settings on top of the ones that keep pictures and tests quiet. */
export function writeSettings(workspace, settings = {}) {
  mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
  const quiet = {
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'chat.disableAIFeatures': true,
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'window.commandCenter': false,
    'workbench.colorTheme': 'Default Dark Modern',
    'extensions.ignoreRecommendations': true,
    'git.openRepositoryInParentFolders': 'never',
    'typescript.disableAutomaticTypeAcquisition': true,
    'editor.minimap.enabled': false,
  };
  writeFileSync(path.join(workspace, '.vscode', 'settings.json'), JSON.stringify({ ...quiet, ...settings }, null, 2));
}

export const browserFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
];
