// Streams that end by themselves, once the event loop turns.
import fs from 'node:fs';

export function exercise() {
  fs.createReadStream(new URL(import.meta.url)).resume();
}
