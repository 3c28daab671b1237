import type { ProfileWarning } from '../../../shared/issue';
import type { RawProfile } from './raw-profile';

export type RowOfId = (id: number) => number;

/** The row of a node by its id; -1 for none. Ids are 1..n in real files, so a plain array serves; anything else goes through a Map. */
export function indexIds(raw: RawProfile, warnings: ProfileWarning[]): RowOfId {
  const ids = raw.ids.values;
  const count = ids.length;
  let largest = 0;
  let dense = true;
  for (let row = 0; row < count; row++) {
    const id = ids[row] as number;
    if (!(Number.isInteger(id) && id >= 0)) dense = false;
    else if (id > largest) largest = id;
  }
  let duplicates = 0;
  let firstDuplicate = 0;
  const duplicate = (id: number): void => {
    if (duplicates++ === 0) firstDuplicate = id;
  };
  let rowOfId: RowOfId;
  if (dense && largest <= count * 4 + 1024) {
    const rows = new Int32Array(largest + 1).fill(-1);
    for (let row = 0; row < count; row++) {
      const id = ids[row] as number;
      if ((rows[id] as number) >= 0) duplicate(id);
      else rows[id] = row;
    }
    rowOfId = (id) => rows[id] ?? -1;
  } else {
    const rows = new Map<number, number>();
    for (let row = 0; row < count; row++) {
      const id = ids[row] as number;
      if (Number.isNaN(id)) continue; // no id: nothing can mean this node
      if (rows.has(id)) duplicate(id);
      else rows.set(id, row);
    }
    rowOfId = (id) => rows.get(id) ?? -1;
  }
  if (duplicates > 0) warnings.push({ kind: 'duplicate-ids', count: duplicates, first: firstDuplicate });
  return rowOfId;
}
