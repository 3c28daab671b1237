import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inNamespace, noNamespaces } from '../support/pid-namespace';
import { cli, type Folder, temporaryFolder } from '../support/run';

const BUSY = 'for (const end = Date.now() + 500; Date.now() < end; ) for (let i = 0; i < 1e5; i++) Math.sqrt(i);\n';
/** A child of it ends at once; it itself goes on until a line comes. */
const PARENT = `const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
child.on('exit', () => require('node:fs').writeFileSync('child.pid', String(child.pid)));
const wait = setInterval(() => { if (require('node:fs').existsSync('taken')) clearInterval(wait); }, 20);
`;
const WITH_DAEMON = `require('node:child_process').spawn('sleep', ['700'], { detached: true, stdio: 'ignore' }).unref();\n${BUSY}`;

describe.skipIf(noNamespaces !== undefined)(`recordings end nobody else${noNamespaces ? ` (skipped: ${noNamespaces})` : ''}`, () => {
  let folder: Folder;
  beforeAll(() => {
    folder = temporaryFolder({ 'busy.cjs': BUSY, 'parent.cjs': PARENT, 'daemon.cjs': WITH_DAEMON });
  });
  afterAll(() => folder.remove());

  const plateau = `"${process.execPath}" "${cli}" record --force --out p.cpuprofile --`;
  const play = (script: string): Promise<string> => inNamespace(script, { cwd: folder.path, env: { ...process.env, node: process.execPath } });

  test('a program in a pid namespace of its own, whose numbers are others’ outside', async () => {
    const stdout = await play(`
      for i in $(seq 12); do sleep 600 & done
      ${plateau} unshare -pf --mount-proc sh -c 'true; true; "$node" -p "\\"within \\" + process.pid"; "$node" busy.cjs; true' 2>&1
      echo "alive $(pgrep -cx sleep)"`);
    expect(stdout).toMatch(/within [2-9]\b/);
    expect(stdout).toContain('alive 12');
  });

  test('the number of a child that has ended is another process’s', async () => {
    const stdout = await play(`
      rm -f child.pid taken
      ${plateau} "$node" parent.cjs 2>&1 & recording=$!
      for i in $(seq 600); do [ -s child.pid ] && break; sleep 0.05; done
      child=$(cat child.pid)
      for i in $(seq 20); do
        echo $((child - 1)) > /proc/sys/kernel/ns_last_pid; sleep 600 & other=$!
        [ $other = $child ] && break; kill $other
      done
      [ $other = $child ] && echo "the same number"
      touch taken; wait $recording
      kill -0 $other && echo "alive"`);
    expect(stdout).toContain('the same number');
    expect(stdout).toContain('alive');
  });

  test('a daemon that the program leaves', async () => {
    const stdout = await play(`${plateau} "$node" daemon.cjs 2>&1; echo "alive $(pgrep -cx sleep)"`);
    expect(stdout).toContain('p.cpuprofile');
    expect(stdout).toContain('alive 1');
  });

  test('a straggler of the program does end', async () => {
    const stdout = await play(`${plateau} sh -c 'sleep 800 & "$node" busy.cjs' 2>&1; echo "alive $(pgrep -cx sleep)"`);
    expect(stdout).toContain('p.cpuprofile');
    expect(stdout).toContain('alive 0');
  });
});
