import path from 'node:path';

/** More links than any system follows. */
const MOST_LINKS = 40;

/**
 * Goes through a path from its top, link by link, as the system would: yields what to read as a link next,
 * and takes its target, or undefined where it is none. False once `mayTouch` says so of what a link leads
 * to, with what of the path stands behind it, before anything has touched that: a link to `/` makes a path of
 * `link/net/HOST`. Whoever resolves the path at once would already have asked the host.
 */
export function* linkWalk(
  file: string,
  mayTouch: (file: string) => boolean,
  platform: NodeJS.Platform = process.platform,
): Generator<string, boolean, string | undefined> {
  const rules = platform === 'win32' ? path.win32 : path.posix;
  let links = 0;
  let { root: at } = rules.parse(rules.resolve(file));
  let left = rules.resolve(file).slice(at.length).split(rules.sep);
  for (let name = left.shift(); name !== undefined; name = left.shift()) {
    const next = rules.join(at, name);
    const target = yield next;
    if (target === undefined) {
      at = next;
      continue;
    }
    const whole = leadsTo(at, target, rules);
    if (!mayTouch(rules.join(whole, ...left)) || ++links > MOST_LINKS) return false;
    at = rules.parse(whole).root;
    left = [...whole.slice(at.length).split(rules.sep), ...left];
  }
  return true;
}

/** A junction's target is told as the kernel has it: `\??\C:\x`, `\??\UNC\host\share`. */
function leadsTo(folder: string, target: string, rules: path.PlatformPath): string {
  const plain = rules === path.win32 ? target.replace(/^\\\?\?\\UNC\\/i, '\\\\').replace(/^\\\?\?\\(?=[a-z]:)/i, '') : target;
  return rules.resolve(folder, plain);
}
