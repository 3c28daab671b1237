import { readRegularText } from '../../files/read-regular';

/** Sources above this are somebody's output. */
const MAX_SOURCE = 32 << 20;

/** Reads sources that a profile names; undefined for what is not on this machine, no regular file or too large. */
export const sourceText =
  (roots: readonly string[] = []) =>
  async (file: string): Promise<string | undefined> => {
    const read = await readRegularText(file, { most: MAX_SOURCE, own: roots });
    return read.ok ? read.value : undefined;
  };
