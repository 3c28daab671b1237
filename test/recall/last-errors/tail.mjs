import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const NEWLINE = 10;

/** The last lines of a file, without reading all of it. */
export function lastLines(file, count) {
  const descriptor = openSync(file, 'r');
  try {
    const byte = Buffer.alloc(1);
    let position = fstatSync(descriptor).size;
    let lines = 0;
    const bytes = [];
    while (position > 0) {
      position -= 1;
      readSync(descriptor, byte, 0, 1, position);
      if (byte[0] === NEWLINE && bytes.length > 0 && ++lines === count) break;
      bytes.push(byte[0]);
    }
    return Buffer.from(bytes.reverse()).toString('utf8').split('\n').filter(Boolean);
  } finally {
    closeSync(descriptor);
  }
}
