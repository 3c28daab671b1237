import type { ProfileTables } from '../tables';
import { type IsMine, isOwnCategory } from './transform';

/**
 * What `only my code` keeps: functions outside of dependencies, Node.js and
 * native code, less those whose file fits one of the globs (`**` any folders,
 * `*` and `?` within one). A glob without a slash fits a name at any depth.
 */
export function mineExcept({ strings }: ProfileTables, globs: readonly string[]): IsMine {
  const expressions = globs.filter((glob) => glob.trim() !== '').map(globExpression);
  if (expressions.length === 0) return isOwnCategory;
  const known = new Map<number, boolean>();
  return (functions, func) => {
    if (!isOwnCategory(functions, func)) return false;
    const url = functions.url[func] as number;
    let isOut = known.get(url);
    if (isOut === undefined) {
      const path = strings
        .at(url)
        .replace(/^file:\/\//, '')
        .replace(/\\/g, '/');
      isOut = path !== '' && expressions.some((expression) => expression.test(path));
      known.set(url, isOut);
    }
    return !isOut;
  };
}

/** A glob as an expression without nested repetition, so that no path takes long to match. */
export function globExpression(glob: string): RegExp {
  const body = glob
    .trim()
    .replace(/\\/g, '/')
    .replace(/[.+^${}()|[\]]/g, '\\$&')
    .replace(/(?:\*\*\/?)+|\*|\?/g, (mark) => (mark.startsWith('**') ? '.*' : mark === '*' ? '[^/]*' : '[^/]'));
  return new RegExp(`(?:^|/)${body.replace(/^\//, '')}${glob.trim().endsWith('/') ? '' : '(?:$|/)'}`, 'u');
}
