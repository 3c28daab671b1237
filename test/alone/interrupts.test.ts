/** A signal that is sent to the recorder alone, and one that comes to all of a terminal: the program hears of each once. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inNamespace, noNamespaces } from '../support/pid-namespace';
import { hotFor } from '../support/recorded';
import { cli, type Folder, temporaryFolder } from '../support/run';

/** Starts a recording in a process group of its own, sends it a signal when the program is up, and tells how it ended. */
const driver = `
const { spawn } = require('node:child_process');
const [cli, to, signal, ...command] = process.argv.slice(2);
const recorder = spawn(process.execPath, [cli, 'record', '--force', '--out', 'p.cpuprofile', '--', ...command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
let printed = '';
for (const stream of [recorder.stdout, recorder.stderr])
  stream.on('data', (chunk) => {
    printed += chunk;
    if (String(chunk).includes('up\\n')) setTimeout(() => process.kill(to === 'group' ? -recorder.pid : recorder.pid, signal), 700);
  });
recorder.once('close', (code) => console.log(printed + '\\nrecorder ' + code));
`;
const program = `
let heard = 0;
if (process.argv[2] === 'stay') process.on('SIGTERM', () => console.log('ignored SIGTERM'));
else for (const name of process.argv.slice(2)) process.on(name, () => { console.log('heard ' + name + ' ' + ++heard); setTimeout(() => process.exit(5), 600); });
process.on('exit', (code) => console.log('exit ' + code));
console.log('up');
setInterval(() => { ${hotFor(20)} }, 40);
`;

/** Hears a signal, and ends by itself long after the five seconds that others get. */
const goesOn = `
process.on(process.argv[2], () => { console.log('heard ' + process.argv[2]); });
console.log('up');
const turns = setInterval(() => { ${hotFor(20)} }, 40);
setTimeout(() => { clearInterval(turns); console.log('done'); }, 7000);
`;

describe.skipIf(noNamespaces !== undefined)(`signals to the recorder${noNamespaces ? ` (skipped: ${noNamespaces})` : ''}`, () => {
  let folder: Folder;
  beforeAll(() => {
    folder = temporaryFolder({ 'drive.cjs': driver, 'a.cjs': program, 'b.cjs': goesOn });
  });
  afterAll(() => folder.remove());

  async function send(to: 'recorder' | 'group', signal: string, command: string): Promise<string> {
    const node = JSON.stringify(process.execPath);
    const printed = await inNamespace(`${node} drive.cjs ${JSON.stringify(cli)} ${to} ${signal} ${command}`, { cwd: folder.path });
    expect(printed).toContain('recorder 0');
    expect(readFileSync(path.join(folder.path, 'p.cpuprofile'), 'utf8')).toContain('"hot"');
    return printed;
  }

  test.each(['recorder', 'group'] as const)('an interrupt of the %s ends the program by it', async (to) => {
    expect(await send(to, 'SIGINT', 'node a.cjs')).toContain('The program ended with SIGINT; its profile is kept.');
  });

  test.each(['recorder', 'group'] as const)('a program that listens hears an interrupt of the %s once, and ends as it likes', async (to) => {
    const printed = await send(to, 'SIGINT', 'node a.cjs SIGINT');
    expect(printed.match(/heard.*/g)).toEqual(['heard SIGINT 1']);
    expect(printed).toContain('exit 5');
    expect(printed).toContain('The program ended with exit code 5; its profile is kept.');
  });

  test('an interrupt of the recorder reaches what a shell has started', async () => {
    const printed = await send('recorder', 'SIGINT', `sh -c 'node a.cjs SIGINT; echo "after $?"'`);
    expect(printed.match(/heard.*/g)).toEqual(['heard SIGINT 1']);
  });

  test.each([
    ['recorder', 'SIGTERM'],
    ['group', 'SIGTERM'],
    ['recorder', 'SIGHUP'],
    ['group', 'SIGHUP'],
    ['recorder', 'SIGQUIT'],
    ['group', 'SIGQUIT'],
    ['recorder', 'SIGUSR1'],
    ['recorder', 'SIGUSR2'],
    ['group', 'SIGUSR2'],
  ] as const)('a program that listens hears what is sent to the %s, %s, once, and ends as it likes', async (to, signal) => {
    const printed = await send(to, signal, 'node a.cjs SIGTERM SIGHUP SIGQUIT SIGUSR1 SIGUSR2');
    expect(printed.match(/heard.*/g)).toEqual([`heard ${signal} 1`]);
    expect(printed).toContain('The program ended with exit code 5; its profile is kept.');
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'])('a program that does not listen is ended by %s of the recorder', async (signal) => {
    expect(await send('recorder', signal, 'node a.cjs')).toContain(`The program ended with ${signal}; its profile is kept.`);
  });

  test.each(['SIGUSR1', 'SIGUSR2'])('a program that goes on after %s is recorded to its end', async (signal) => {
    const printed = await send('recorder', signal, `node b.cjs ${signal}`);
    expect(printed.match(/heard.*/g)).toEqual([`heard ${signal}`]);
    expect(printed).toContain('done');
    expect(printed).not.toContain('Debugger');
  });

  test('a program that goes on after SIGTERM is ended, and its profile kept', async () => {
    const printed = await send('recorder', 'SIGTERM', 'node a.cjs stay');
    expect(printed).toContain('ignored SIGTERM');
    expect(printed).not.toContain('exit 5');
  });
});
