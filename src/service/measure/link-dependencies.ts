import fs from 'node:fs';
import path from 'node:path';

/**
 * Gives a checkout the dependencies of another one, by links. A package of the repository
 * itself, which a workspace links into `node_modules`, must be the checkout's own: where there is
 * one, its `node_modules` is a folder with a link for each package.
 *
 *   USER/node_modules/left-pad            ->  TREE/node_modules/left-pad  =  USER/node_modules/left-pad
 *   USER/node_modules/ui = USER/packages/ui  ->  TREE/node_modules/ui     =  TREE/packages/ui
 *
 * Gives the folders that were made, from the root.
 */
export function linkDependencies(from: string, to: string, folders: readonly string[]): string[] {
  const made: string[] = [];
  for (const folder of folders) {
    const source = path.join(from, folder, 'node_modules');
    const target = path.join(to, folder, 'node_modules');
    if (!isFolder(source) || !isFolder(path.join(to, folder)) || fs.lstatSync(target, { throwIfNoEntry: false })) continue;
    const own = ownPackages(source, from);
    if (own.size === 0) link(source, target);
    else linkEach(source, target, (entry) => (own.has(entry) ? path.join(to, own.get(entry) as string) : undefined));
    made.push(path.join(folder, 'node_modules'));
  }
  return made;
}

/** By its path in `node_modules`, where in the repository a linked package lies. */
function ownPackages(modules: string, root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const realRoot = fs.realpathSync(root);
  for (const entry of packagesIn(modules)) {
    try {
      if (!fs.lstatSync(path.join(modules, entry)).isSymbolicLink()) continue;
      const own = path.relative(realRoot, fs.realpathSync(path.join(modules, entry)));
      if (own !== '' && !own.startsWith('..') && !path.isAbsolute(own) && !own.split(path.sep).includes('node_modules')) found.set(entry, own);
    } catch {
      // It leads nowhere.
    }
  }
  return found;
}

/** Packages and what else lies in a `node_modules`; of a scope its packages. */
function packagesIn(modules: string): string[] {
  return fs.readdirSync(modules).flatMap((name) => {
    if (!name.startsWith('@') || !isFolder(path.join(modules, name))) return [name];
    return fs.readdirSync(path.join(modules, name)).map((own) => path.join(name, own));
  });
}

function linkEach(source: string, target: string, other: (entry: string) => string | undefined): void {
  for (const entry of packagesIn(source)) {
    const own = path.join(target, entry);
    fs.mkdirSync(path.dirname(own), { recursive: true });
    link(other(entry) ?? path.join(source, entry), own);
  }
}

/** Junctions need no right on Windows; a file there is copied. */
function link(to: string, at: string): void {
  if (process.platform !== 'win32') fs.symlinkSync(to, at);
  else if (isFolder(to)) fs.symlinkSync(to, at, 'junction');
  else fs.copyFileSync(to, at);
}

/** Takes the links away before the folder is removed: whoever removes it must not follow one. */
export function unlinkDependencies(tree: string, made: readonly string[]): void {
  for (const folder of made) {
    const target = path.join(tree, folder);
    const info = fs.lstatSync(target, { throwIfNoEntry: false });
    if (!info) continue;
    if (info.isSymbolicLink()) fs.rmSync(target, { force: true });
    else fs.rmSync(target, { recursive: true, force: true });
  }
}

const isFolder = (folder: string): boolean => fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
