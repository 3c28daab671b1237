import * as path from 'node:path';
import type { ProcessDto } from '../../protocol/lsp';
import type { Recipe } from '../../shared/recipe';
import type { Server } from '../server-client';
import { askText, type PickItem, pickOne, showInfo } from '../ui';
import { joinWords, parseEnvironment, splitWords } from './shell-words';

/** The questions of each way to run a program; undefined where the user gives up. */

export async function askFile(file: string, cwd: string, last: Recipe | undefined): Promise<Recipe | undefined> {
  const before = last?.kind === 'file' && last.file === file ? last : undefined;
  const args = await askText({
    title: `Arguments for ${path.basename(file)} (1/2)`,
    prompt: 'As in a shell; quotes group',
    value: before ? joinWords(before.args) : '',
    check: (text) => (splitWords(text) ? undefined : 'A quote is not closed.'),
  });
  if (args === undefined) return undefined;
  const env = await askText({
    title: 'Environment (2/2)',
    prompt: 'NAME=value, separated by spaces; may be empty',
    placeHolder: 'NODE_ENV=production LOG="off"',
    value: before ? joinWords(Object.entries(before.env).map(([name, value]) => `${name}=${value}`)) : '',
    check: (text) => (parseEnvironment(text) ? undefined : 'Expected NAME=value, separated by spaces.'),
  });
  return env === undefined ? undefined : { kind: 'file', file, args: splitWords(args) ?? [], env: parseEnvironment(env) ?? {}, cwd };
}

export async function askCommand(cwd: string, last: Recipe | undefined): Promise<Recipe | undefined> {
  const command = await askText({
    title: 'Run a command line',
    prompt: `Runs in ${cwd}; every Node.js process that it starts is recorded`,
    placeHolder: 'node server.js --port 0',
    value: last?.kind === 'command' ? last.command : '',
    check: (text) => (text.trim() === '' ? 'Give a command.' : undefined),
  });
  return command === undefined ? undefined : { kind: 'command', command, cwd };
}

async function askSeconds(): Promise<{ seconds: number | undefined } | undefined> {
  const text = await askText({
    title: 'For how long?',
    prompt: 'Seconds; leave it empty to record until you stop',
    check: (value) => (value.trim() === '' || (Number(value) > 0 && Number(value) <= 86_400) ? undefined : 'Give a number of seconds up to 86400, or nothing.'),
  });
  return text === undefined ? undefined : { seconds: text.trim() === '' ? undefined : Number(text) };
}

interface ProcessItem extends PickItem {
  readonly found?: ProcessDto;
}

export async function askProcess(server: Server, isTimeless = false): Promise<Recipe | undefined> {
  const found = await server.request('plateau/nodeProcesses', {});
  if (found.length === 0) {
    void showInfo('No Node.js process of yours is running. Start one, or attach to an inspector address.');
    return undefined;
  }
  const rowOf = (one: ProcessDto): ProcessItem => ({
    label: one.startedBy ?? shortCommand(one.command),
    description: one.startedBy === undefined ? String(one.pid) : `${shortCommand(one.command)} · ${one.pid}`,
    found: one,
  });
  const own = found.filter(({ isOfWorkspace }) => isOfWorkspace);
  const others = found.filter(({ isOfWorkspace }) => !isOfWorkspace);
  const group = (label: string, list: readonly ProcessDto[]): ProcessItem[] => (list.length === 0 ? [] : [{ label, isSeparator: true }, ...list.map(rowOf)]);
  const picked = await pickOne([...group('of this workspace', own), ...group('others', others)], {
    title: 'Attach to a running Node.js process',
    placeHolder: 'Its inspector is opened for the recording, and closed again',
    matchOnDescription: true,
  });
  const time = picked?.found && (isTimeless ? { seconds: undefined } : await askSeconds());
  return picked?.found && time && { kind: 'process', pid: picked.found.pid, command: picked.found.command, ...time };
}

const shortCommand = (command: string): string => (command.length > 80 ? `${command.slice(0, 79)}…` : command);

export async function askAddress(last: Recipe | undefined, isTimeless = false): Promise<Recipe | undefined> {
  const address = await askText({
    title: 'Attach to an inspector address',
    prompt: 'A port, host:port, or the ws:// address that node --inspect prints; this machine only',
    value: last?.kind === 'attach' ? last.address : '127.0.0.1:9229',
    check: (text) => (text.trim() === '' ? 'Give an address.' : undefined),
  });
  const time = address === undefined ? undefined : isTimeless ? { seconds: undefined } : await askSeconds();
  return address !== undefined && time ? { kind: 'attach', address: address.trim(), ...time } : undefined;
}
