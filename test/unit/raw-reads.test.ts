import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from '@babel/parser';
import type * as t from '@babel/types';
import { expect, test } from 'vitest';

/**
 * Everything in `src` that reads or touches files without `src/files`, the door for paths that somebody
 * else may have chosen. What stands here has a reason; what is new goes through the door.
 */
const READS = new Set(
  ['readFile', 'open', 'stat', 'lstat', 'access', 'readdir', 'opendir', 'realpath', 'readlink', 'copyFile', 'cp', 'watch'].flatMap((name) => [
    name,
    `${name}Sync`,
  ]),
);
for (const name of ['createReadStream', 'existsSync', 'exists', 'openAsBlob', 'watchFile', 'readDirectory']) READS.add(name);

const root = path.resolve(import.meta.dirname, '../..');

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? sources(file) : /(?<!\.d)\.ts$/.test(name) ? [file] : [];
  });
}

/** The names of raw reads in a text, sorted, each once. */
function rawReads(text: string): string[] {
  if (!/\bfs\b/.test(text)) return [];
  const ast = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  const modules = new Set<string>();
  const found = new Set<string>();
  const isFs = (source: string): boolean => /^(?:node:)?fs(?:\/promises)?$/.test(source);
  const isModule = (node: t.Node | null | undefined): boolean =>
    (node?.type === 'Identifier' && modules.has(node.name)) ||
    (node?.type === 'MemberExpression' &&
      node.property.type === 'Identifier' &&
      ((node.property.name === 'promises' && isModule(node.object)) ||
        // The editor's own.
        (node.property.name === 'fs' && node.object.type === 'MemberExpression')));
  const visit = (node: t.Node): void => {
    if (node.type === 'ImportDeclaration' && isFs(node.source.value) && node.importKind !== 'type') {
      for (const one of node.specifiers) {
        if (one.type !== 'ImportSpecifier') modules.add(one.local.name);
        else if (one.importKind !== 'type' && one.imported.type === 'Identifier' && READS.has(one.imported.name)) found.add(one.imported.name);
      }
    }
    if (node.type === 'MemberExpression' && isModule(node.object)) {
      if (node.computed) found.add('[computed]');
      else if (node.property.type === 'Identifier' && READS.has(node.property.name)) found.add(node.property.name);
    }
    if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern' && isModule(node.init)) {
      for (const one of node.id.properties)
        if (one.type === 'ObjectProperty' && one.key.type === 'Identifier' && READS.has(one.key.name)) found.add(one.key.name);
    }
    if (node.type === 'CallExpression' && node.arguments[0]?.type === 'StringLiteral' && isFs(node.arguments[0].value)) {
      const { callee } = node;
      if (callee.type === 'Import' || (callee.type === 'Identifier' && /require$/i.test(callee.name))) found.add('[loaded]');
    }
    if (node.type === 'ImportExpression' && node.source.type === 'StringLiteral' && isFs(node.source.value)) found.add('[loaded]');
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === 'string') visit(child as t.Node);
    }
  };
  visit(ast.program);
  return [...found].sort();
}

const known: Readonly<Record<string, { readonly why: string; readonly reads: readonly string[] }>> = {
  'src/capture/attach/attach-process.ts': { why: "the kernel's tables of processes, and the list of users", reads: ['readFileSync', 'readlinkSync'] },
  'src/capture/attach/node-processes.ts': { why: 'the working folders of this user’s processes, in /proc', reads: ['readlinkSync'] },
  'src/capture/environment/child-environment.ts': { why: 'looks for a program in PATH, as the shell does', reads: ['existsSync'] },
  'src/capture/environment/find-program.ts': { why: 'the programs that are in PATH', reads: ['accessSync', 'statSync'] },
  'src/capture/inspector/listening-ports.ts': { why: "the kernel's tables of sockets", reads: ['readFileSync', 'readdirSync', 'readlinkSync'] },
  'src/capture/environment/node-in-front-shell.ts': { why: 'whether a shell is there', reads: ['existsSync'] },
  'src/capture/environment/node-in-front.ts': { why: 'looks for bash', reads: ['accessSync', 'existsSync', 'realpathSync'] },
  'src/capture/session/passed-on.ts': { why: "the kernel's list of this process's own descriptors", reads: ['readdirSync', 'readlinkSync'] },
  'src/capture/session/private-folder.ts': {
    why: 'folders of its own, of which it asks who owns them',
    reads: ['accessSync', 'lstat', 'lstatSync', 'readFile', 'readFileSync', 'readdir', 'realpathSync'],
  },
  'src/capture/processes/carries-session.ts': { why: "the kernel's tables of processes", reads: ['readFileSync'] },
  'src/capture/processes/linux.ts': { why: "the kernel's tables of processes", reads: ['readFileSync', 'readdirSync', 'readlinkSync', 'statSync'] },
  'src/capture/session/remove-folder.ts': { why: 'folders of its own, which it takes before it removes them', reads: ['lstatSync', 'readdirSync'] },
  'src/capture/session/runtime-results.ts': {
    why: 'names and sizes in the session folder; what is in the files goes through the door',
    reads: ['readdirSync', 'statSync'],
  },
  'src/capture/session/session-folders.ts': { why: 'names in the session folder', reads: ['readdirSync'] },
  'src/capture/session/session-results.ts': {
    why: 'names and sizes in the session folder; what is in the files goes through the door',
    reads: ['lstatSync', 'openSync', 'readdirSync', 'statSync'],
  },
  'src/capture/session/session.ts': { why: 'the session folder, and bundles of its own', reads: ['copyFileSync'] },
  'src/capture/session/spawn.ts': { why: 'the working folder and the program that the user runs', reads: ['existsSync'] },
  'src/capture/target/agent/asleep.ts': { why: "the kernel's tables of processes", reads: ['readFileSync'] },
  'src/capture/target/commonjs-names.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['readFileSync'] },
  'src/capture/target/entry-file.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['readFileSync'] },
  'src/capture/target/hook.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['existsSync'] },
  'src/capture/target/load.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['readFileSync'] },
  'src/capture/target/loop-scope.ts': {
    why: 'runs within the program that is recorded: whether the setup that the user typed is a file',
    reads: ['existsSync'],
  },
  'src/capture/records/notes.ts': { why: 'the session folder, which only this user may enter', reads: ['readFileSync'] },
  'src/capture/target/other-loader.ts': {
    why: 'runs within the program that is recorded, and reads what Node.js reads there',
    reads: ['existsSync', 'readFileSync'],
  },
  'src/capture/target/prepare.ts': {
    why: 'resolves what the program that is recorded imports, as Node.js will',
    reads: ['existsSync', 'readdirSync', 'realpathSync'],
  },
  'src/capture/target/recorder/at-exit.ts': { why: "the kernel's tables of processes", reads: ['readFileSync'] },
  'src/capture/target/recorder/reach-children.ts': {
    why: 'runs within the program that is recorded, and reads what Node.js reads there',
    reads: ['existsSync'],
  },
  'src/capture/target/recorder/script-notes.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['existsSync'] },
  'src/capture/target/recorder/signal-listeners.ts': {
    why: 'runs within the program that is recorded, and reads what Node.js reads there',
    reads: ['readFileSync'],
  },
  'src/capture/target/recorder/write-text.ts': {
    why: 'runs within the program that is recorded, and reads what Node.js reads there',
    reads: ['existsSync', 'lstatSync', 'openSync'],
  },
  'src/capture/target/regular-text.ts': {
    why: 'runs within the program that is recorded and before it, and reads what Node.js reads there, where that is a file',
    reads: ['readFileSync', 'statSync'],
  },
  'src/capture/target/resolve.ts': {
    why: 'runs within the program that is recorded, and reads what Node.js reads there',
    reads: ['existsSync', 'statSync'],
  },
  'src/capture/target/room-for-agent.ts': { why: "the kernel's tables of processes", reads: ['readFileSync'] },
  'src/capture/records/session-file.ts': { why: 'the session folder, which only this user may enter', reads: ['readFileSync'] },
  'src/capture/target/transpile-child.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['readFileSync'] },
  'src/capture/target/tsconfig.ts': { why: 'runs within the program that is recorded, and reads what Node.js reads there', reads: ['statSync'] },
  'src/capture/target/vitals/thread-cpu.ts': { why: "the kernel's tables of processes", reads: ['readFileSync'] },
  'src/cli/findings.ts': { why: 'a page of its own documentation', reads: ['readFileSync'] },
  'src/cli/heap/heap-leaks.ts': { why: 'the name of a snapshot that the user gave', reads: ['realpathSync'] },
  'src/cli/record.ts': { why: 'where the user wants the recording written', reads: ['access', 'stat'] },
  'src/cli/recording.ts': { why: 'where the user wants the recording written', reads: ['access', 'stat'] },
  'src/extension/active-profile.ts': { why: 'the profile that the user had open last', reads: ['stat'] },
  'src/extension/commands/choose-snapshot.ts': { why: 'date and size of what was found in the workspace', reads: ['stat'] },
  'src/extension/commands/delete-recording.ts': { why: "names in the extension's own folder of what was deleted", reads: ['readDirectory'] },
  'src/extension/commands/finding-commands.ts': { why: 'a page of its own documentation', reads: ['stat'] },
  'src/extension/editors/heap-editor.ts': { why: 'a slab that the server has just written', reads: ['readFile'] },
  'src/extension/show-place.ts': {
    why: 'whether what is named lies in the workspace, after the door has looked, or the user has confirmed',
    reads: ['realpath', 'stat'],
  },
  'src/extension/editors/speedscope.ts': { why: 'what the server has just written, and a page of its own', reads: ['readDirectory', 'stat'] },
  'src/extension/editors/webview-page.ts': {
    why: 'slabs that the server has just written, pages of its own, and what the user opened from a virtual workspace',
    reads: ['open', 'readFile', 'stat'],
  },
  'src/capture/records/run-metrics.ts': { why: 'names in a folder of its own', reads: ['readdirSync'] },
  'src/cli/measure.ts': { why: 'which lock file a checkout of its own has', reads: ['existsSync'] },
  'src/service/measure/link-dependencies.ts': {
    why: 'where packages of the repository are, to link them',
    reads: ['copyFileSync', 'lstatSync', 'readdirSync', 'realpathSync', 'statSync'],
  },
  'src/service/measure/machine.ts': { why: "the kernel's tables of the machine", reads: ['readFileSync', 'readdirSync'] },
  'src/service/measure/versions.ts': { why: 'whether a checkout of its own is there', reads: ['existsSync', 'realpathSync'] },
  'src/service/findings/all-findings.ts': { why: 'the date of a profile that is open', reads: ['statSync'] },
  'src/service/export/export-formats.ts': { why: 'a part of its own bundle', reads: ['readFile'] },
  'src/service/export/export-profile.ts': { why: 'where the user wants the export written', reads: ['open', 'stat'] },
  'src/service/findings/finding-states.ts': { why: 'where the folder that it is about to write into really is', reads: ['realpath'] },
  'src/service/heap/heap-compare.ts': { why: 'the sizes of snapshots that the user gave', reads: ['statSync'] },
  'src/service/support/heap-memory.ts': { why: "the kernel's tables of memory", reads: ['readFileSync'] },
  'src/service/recording/heap-record.ts': { why: 'where the user wants the recording written', reads: ['access'] },
  'src/service/hunt/hunt-samples.ts': { why: "the kernel's tables of processes", reads: ['readFile'] },
  'src/service/hunt/hunt-turn.ts': { why: 'a file of its own that the user is asked to delete', reads: ['existsSync'] },
  'src/service/recordings/keep-anywhere.ts': { why: 'writes recordings where the user wants them', reads: ['copyFile', 'realpath'] },
  'src/service/recordings/keep-folder.ts': {
    why: 'where the folder that it is about to make really is; makes a new file in it',
    reads: ['lstat', 'open', 'realpath'],
  },
  'src/service/hunt/leak-report.ts': { why: 'the date of a snapshot that has just been read', reads: ['statSync'] },
  'src/service/recordings/own-key.ts': {
    why: "the key and what lies beside it in the user's own folder for settings",
    reads: ['lstat', 'readFile', 'readdir', 'stat'],
  },
  'src/service/patterns/pattern-engine.ts': { why: 'a part of its own bundle', reads: ['readFile'] },
  'src/service/recording/record.ts': { why: 'whether a name is taken where the user wants the recording written', reads: ['stat'] },
  'src/service/recordings/recordings.ts': { why: 'takes a name for a new recording', reads: ['open'] },
  'src/service/export/share-text.ts': { why: "where the user's home folder is", reads: ['realpathSync'] },
  'src/service/profile/slab-cache.ts': { why: 'names, sizes and dates in its own storage', reads: ['readdir', 'stat'] },
  'src/service/requests/request-thread.ts': { why: 'whether a file that is exported to is there', reads: ['lstat'] },
  'src/service/export/speedscope-file.ts': { why: 'writes into its own storage', reads: ['open'] },
  'src/service/recording/stage-thread.ts': { why: 'writes a profile into the folder of the recording', reads: ['openSync'] },
};

test('whatever reads files without the door stands here with its reason', () => {
  const found = Object.fromEntries(
    sources(path.join(root, 'src')).flatMap((file) => {
      const name = path.relative(root, file).split(path.sep).join('/');
      const reads = name.startsWith('src/files/') ? [] : rawReads(readFileSync(file, 'utf8'));
      return reads.length > 0 ? [[name, reads]] : [];
    }),
  );
  expect(Object.keys(found).length).toBeGreaterThan(10);
  expect(found).toEqual(Object.fromEntries(Object.entries(known).map(([name, { reads }]) => [name, [...reads].sort()])));
});

test('in the server and the extension only open sources are read synchronously, through the door', () => {
  const shells = ['src/server', 'src/extension'].flatMap((folder) => sources(path.join(root, folder)));
  const synchronous = shells.filter((file) => /from '[^']*\/files\/read-regular-sync'|\bfs\.(?:read|open|stat)\w*Sync\b/.test(readFileSync(file, 'utf8')));
  expect(synchronous.map((file) => path.relative(root, file).split(path.sep).join('/'))).toEqual(['src/server/sources.ts']);
});

test('the check sees a raw read however it is written', () => {
  expect(rawReads("import fs from 'node:fs';\nfs.readFileSync('x');")).toEqual(['readFileSync']);
  expect(rawReads("import * as files from 'fs';\nvoid files.promises.stat('x');")).toEqual(['stat']);
  expect(rawReads("import { readFile as read } from 'node:fs/promises';\nvoid read('x');")).toEqual(['readFile']);
  expect(rawReads("import fs from 'node:fs';\nconst { existsSync } = fs;")).toEqual(['existsSync']);
  expect(rawReads("import fs from 'node:fs';\nconst name = 'x'; fs[name]();")).toEqual(['[computed]']);
  expect(rawReads("const fs = require('fs');")).toEqual(['[loaded]']);
  expect(rawReads("const fs = await import('node:fs');")).toEqual(['[loaded]']);
  expect(rawReads("import * as vscode from 'vscode';\nvoid vscode.workspace.fs.readFile(uri);")).toEqual(['readFile']);
  expect(rawReads("import fs from 'node:fs';\nfs.writeFileSync('x', ''); fs.rmSync('x');\nimport type { Dirent } from 'node:fs';")).toEqual([]);
});
