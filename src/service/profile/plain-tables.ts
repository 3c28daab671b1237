import { StringTable } from '../../core/profile/string-table';
import type { ProfileTables } from '../../core/profile/tables';
import type { StoredView } from '../../source/stored-view';

/** Tables as they go from thread to thread: a class does not travel, its columns do. */
export type PlainTables = Omit<ProfileTables, 'strings'> & { readonly strings: { readonly bytes: Uint8Array; readonly offsets: Uint32Array } };

export const plainTables = ({ strings: { bytes, offsets }, ...tables }: ProfileTables): PlainTables => ({ ...tables, strings: { bytes, offsets } });

export const tablesFrom = ({ strings, ...tables }: PlainTables): ProfileTables => ({ ...tables, strings: new StringTable(strings.bytes, strings.offsets) });

/** What the columns of the tables stand in, so that they move to the other thread and are not copied. */
export function tableBuffers({ strings, functions, nodes, samples, lines }: PlainTables): ArrayBuffer[] {
  return buffersOf([strings.bytes, strings.offsets, ...[functions, nodes, samples, lines].flatMap((table) => Object.values(table))]);
}

/** The same of a stored view. */
export function viewBuffers({
  paths,
  place,
  ownFile,
  hasMap,
  withoutLine,
  functionFile,
  functionLines,
  fileFunctions,
  fileLines,
  rows,
}: StoredView): ArrayBuffer[] {
  const groups = [paths, place, functionLines, fileFunctions, fileLines, rows].flatMap((group) => Object.values(group));
  return buffersOf([ownFile, hasMap, withoutLine, functionFile, ...groups]);
}

function buffersOf(columns: readonly (number | ArrayBufferView)[]): ArrayBuffer[] {
  return [...new Set(columns.flatMap((column) => (typeof column === 'number' ? [] : [column.buffer as ArrayBuffer])))];
}
