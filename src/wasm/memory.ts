/**
 * Where things lie in the memory of `scan.ts`, by address. Whatever is read past the end of the window lies in the slack.
 *
 *   LITERALS   what stands between the values of a node, 32 bytes each
 *   WINDOW     1 MB of the file, and slack
 *   NODE_…     a batch of nodes: columns of BATCH numbers
 *   CHILDREN   their children's ids; TICK_…  their position ticks
 *   NUMBERS    what `integers` finds, in the place of CHILDREN and the first of TICK_…
 *   STRING_…   known strings: a hash table, entries, and the bytes of all
 *   FUNC_…     known functions: a hash table and entries
 *   SCRIPTS    the url of each script, as an entry of STRING_…, and 1
 */
const KB: usize = 1024;

export const LITERALS: usize = 1 * KB;
export const windowAt: usize = 4 * KB;
export const windowSize: i32 = 1024 * 1024;
const WINDOW_END: usize = windowAt + 1024 * KB + 4 * KB;

export const batch: i32 = 4096;
const BATCH: usize = 4096;
export const idsAt: usize = WINDOW_END;
export const funcsAt: usize = idsAt + BATCH * 4;
export const hitsAt: usize = funcsAt + BATCH * 4;
export const deoptsAt: usize = hitsAt + BATCH * 4;
export const firstsAt: usize = deoptsAt + BATCH * 4;

export const listSize: i32 = 65536;
export const LIST: usize = 65536;
export const childrenAt: usize = firstsAt + BATCH * 4;
export const numbersAt: usize = childrenAt;
export const tickNodesAt: usize = childrenAt + LIST * 4;
export const tickLinesAt: usize = tickNodesAt + LIST * 4;
export const tickCountsAt: usize = tickLinesAt + LIST * 4;

export const STRING_SLOTS: usize = tickCountsAt + LIST * 4;
export const MOST_STRINGS: u32 = 1 << 18;
/** Each: hash, offset, length, index that the reader knows it by. */
export const STRING_ENTRIES: usize = STRING_SLOTS + (1 << 19) * 4;
export const STRING_BYTES: usize = STRING_ENTRIES + (1 << 18) * 16;
export const MOST_STRING_BYTES: u32 = 32 * 1024 * 1024;

export const FUNC_SLOTS: usize = STRING_BYTES + 32 * 1024 * KB + 64;
export const MOST_FUNCS: u32 = 1 << 20;
/** Each: name, url, line, column, and the row that the reader knows it by. */
export const FUNC_ENTRIES: usize = FUNC_SLOTS + (1 << 21) * 4;
export const FUNC_BYTES: usize = 20;

export const SCRIPTS: usize = FUNC_ENTRIES + (1 << 20) * 20;
export const MOST_SCRIPTS: u32 = 1 << 16;
