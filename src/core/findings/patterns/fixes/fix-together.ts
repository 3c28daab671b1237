import type { TextEdit } from '../../../../shared/reported-finding';
import type { CaughtMatch } from '../conditions';
import { awaitedRow } from '../facts/await-facts';
import { replace } from './fix-edits';

/** `const a = await getA(); const b = await getB();` -> `const [a, b] = await Promise.all([getA(), getB()]);` */
export function together({ node }: CaughtMatch): TextEdit[] | undefined {
  const row = awaitedRow(node);
  const [first, ...others] = row;
  const last = others.at(-1);
  if (!first || !last || !row.every(({ statement }) => /^const\b/.test(statement.text))) return undefined;
  // A type that is written beside a name would have no place.
  if (row.some(({ name }) => name.parent?.childForFieldName('type'))) return undefined;
  const names = row.map(({ name }) => name.text).join(', ');
  const calls = row.map(({ call }) => call.text).join(', ');
  const edits = [replace(first.statement, `const [${names}] = await Promise.all([${calls}]);`)];
  for (const [i, { statement }] of others.entries()) edits.push({ start: (row[i] as typeof first).statement.endIndex, end: statement.endIndex, text: '' });
  return edits;
}
