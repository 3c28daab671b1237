import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './run';

/** Why programs cannot be run in a pid namespace of their own here; undefined where they can. */
export const noNamespaces: string | undefined = (() => {
  if (process.platform !== 'linux') return 'pid namespaces are of Linux';
  const { status, stderr, error } = spawnSync('unshare', ['-pf', '--mount-proc', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : `unshare is not permitted: ${error?.message ?? stderr.trim()}`;
})();

/** Bundles a script of `test/support` that is to run elsewhere. Gives its path in `folder`. */
export async function bundleScript(name: string, folder: string): Promise<string> {
  const outfile = path.join(folder, `${name}.cjs`);
  const entry = path.join(root, 'test/support', `${name}.ts`);
  await esbuild.build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
  return outfile;
}

/**
 * Runs a shell script as a child of process 1 of a new pid namespace, and in a process group of
 * its own; with process 1 everything in there ends. Gives what it prints.
 */
export function inNamespace(
  script: string,
  options: { readonly cwd?: string; readonly ownProc?: boolean; readonly env?: NodeJS.ProcessEnv; readonly milliseconds?: number } = {},
): Promise<string> {
  const flags = options.ownProc === false ? ['-pf'] : ['-pf', '--mount-proc'];
  // The shell stays, as process 1 that takes in orphans.
  const args = [...flags, '--kill-child', 'bash', '-c', 'bash -c "$0"; exit $?', script];
  const child = spawn('unshare', args, { cwd: options.cwd ?? os.tmpdir(), env: options.env ?? process.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.milliseconds ?? 50_000);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    // Not 'exit': what it printed may still be on its way.
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(stdout);
      else reject(new Error(`ended with ${code ?? signal}\n${stdout}\n${stderr}`));
    });
  });
}
