import fs from 'node:fs';
import path from 'node:path';
import { homeFolder } from './home-folder';

/**
 * Whether a path or a `file:` url names something of this machine, told by its text alone. On Windows
 * even to look whether `\\host\share\x` exists sends the user's name and a hash of the password to that
 * host, so this is asked before any touch.
 */
export function isLocalPath(pathOrUrl: string, platform: NodeJS.Platform = process.platform): boolean {
  if (pathOrUrl === '' || pathOrUrl.includes('\0')) return false;
  if (/^\s*file:/i.test(pathOrUrl)) {
    const inner = pathOfUrl(pathOrUrl, platform);
    return inner !== undefined && isLocalPath(inner, platform);
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(pathOrUrl)) return false;
  if (platform === 'win32') return isLocalOnWindows(pathOrUrl);
  const host = mountedHost(pathOrUrl, platform);
  return host === undefined || connected().includes(host);
}

/**
 * Where macOS and Linux mount another machine when it is first touched, with that machine's name: the
 * automounter's `/net/HOST`, AFS's `/afs/CELL`. Undefined for other paths.
 */
function mountedHost(file: string, platform: NodeJS.Platform): string | undefined {
  // Node.js normalizes `../../../…` in the square of its length.
  if (!file.startsWith('/')) return undefined;
  const found = (platform === 'darwin' ? /^\/+(?:net|network|afs)(?:\/[^/]*|$)/i : /^\/+(?:net|afs)(?:\/[^/]*|$)/).exec(path.posix.normalize(file));
  return found?.[0].replace(/^\/+/, '/');
}

/** The machines that this process is on already: some have their home there. Asked when it matters only: a program that is recorded loads this. */
const connected = (): readonly (string | undefined)[] => [homeFolder(), workingFolder()].map((folder) => mountedHost(folder, process.platform));

/** Empty where it was removed. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

/** Whether a machine can be mounted by touching a path of this one. */
export const mountsHosts = (platform: NodeJS.Platform = process.platform): boolean =>
  platform === 'darwin' || (platform !== 'win32' && ['/net', '/afs'].some((folder) => fs.existsSync(folder)));

/**
 * Whether a path may be looked at: it is of this machine, or it lies in a folder that the user has
 * opened, which may be on a share. By text alone.
 */
export function mayTouch(file: string, own: readonly string[] = [], platform: NodeJS.Platform = process.platform): boolean {
  if (isLocalPath(file, platform)) return true;
  if (file.includes('\0') || /^\s*file:/i.test(file)) return false;
  return own.some(
    (folder) =>
      !isLocalPath(folder, platform) && !isDeviceSpace(folder) && isInside(folder, file, platform) && hasPlainSegments(between(folder, file, platform)),
  );
}

/** Whether a path is a folder or lies in it; by text alone. */
export function isInside(folder: string, file: string, platform: NodeJS.Platform = process.platform): boolean {
  const way = between(folder, file, platform);
  return way === '' || (!(platform === 'win32' ? path.win32 : path.posix).isAbsolute(way) && way.split(/[\\/]/)[0] !== '..');
}

const between = (folder: string, file: string, platform: NodeJS.Platform): string => (platform === 'win32' ? path.win32 : path.posix).relative(folder, file);

/** Undefined where a url names another host, or nothing that a path can name. */
function pathOfUrl(url: string, platform: NodeJS.Platform): string | undefined {
  try {
    const { host, pathname } = new URL(url);
    if (host !== '') return undefined;
    const decoded = decodeURIComponent(pathname);
    return platform === 'win32' && /^\/[a-z]:/i.test(decoded) ? decoded.slice(1) : decoded;
  } catch {
    return undefined;
  }
}

function isLocalOnWindows(file: string): boolean {
  const plain = file.replace(/^\\\\\?\\(?=[a-z]:\\)/i, '');
  // \\host, //host, \\?\UNC, \\.\pipe; and \??\ as the kernel writes it.
  if (/^[\\/]{2}/.test(plain) || /^[\\/]\?\?[\\/]/.test(plain)) return false;
  const drive = /^[a-z]:/i.exec(plain)?.[0] ?? '';
  // C:x is relative to a folder that only the process knows.
  if (drive !== '' && !/^[\\/]/.test(plain.slice(2))) return false;
  return hasPlainSegments(plain.slice(drive.length));
}

const isDeviceSpace = (folder: string): boolean => /^[\\/]{2}[.?][\\/]/.test(folder) && !/^\\\\\?\\UNC\\/i.test(folder);

/** `NUL`, `con.txt`, `COM1:` are devices in every folder of Windows; a colon names a stream within a file. */
function hasPlainSegments(file: string): boolean {
  return file
    .split(/[\\/]/)
    .every(
      (segment) => !segment.includes(':') && !/^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)/i.test(segment),
    );
}
