/** A file system that is on no disk, as far as other extensions can see: files of the folder VIRTUAL_FILES, to be read. */
const fs = require('node:fs/promises');
const path = require('node:path');
const vscode = require('vscode');

const fileOf = (uri) => path.join(process.env.VIRTUAL_FILES, ...uri.path.split('/').filter((part) => part !== '' && part !== '..'));
const typeOf = (entry) => (entry.isDirectory() ? vscode.FileType.Directory : vscode.FileType.File);

async function found(uri, read) {
  try {
    return await read(fileOf(uri));
  } catch {
    throw vscode.FileSystemError.FileNotFound(uri);
  }
}

const refused = (uri) => {
  throw vscode.FileSystemError.NoPermissions(uri);
};

exports.activate = (context) => {
  const provider = {
    onDidChangeFile: new vscode.EventEmitter().event,
    watch: () => new vscode.Disposable(() => {}),
    stat: (uri) =>
      found(uri, async (file) => {
        const stat = await fs.stat(file);
        return { type: typeOf(stat), ctime: stat.ctimeMs, mtime: stat.mtimeMs, size: stat.size };
      }),
    readDirectory: (uri) => found(uri, async (folder) => (await fs.readdir(folder, { withFileTypes: true })).map((entry) => [entry.name, typeOf(entry)])),
    readFile: (uri) => found(uri, (file) => fs.readFile(file)),
    createDirectory: refused,
    writeFile: refused,
    delete: refused,
    rename: refused,
  };
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('virtual', provider, { isCaseSensitive: true, isReadonly: true }));
};
