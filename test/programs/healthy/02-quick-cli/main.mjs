// Prints a table of its own file and is done.
import { readFileSync } from 'node:fs';

const lines = readFileSync(new URL(import.meta.url), 'utf8').split('\n');
for (const [at, line] of lines.entries()) console.log(String(at + 1).padStart(3), line);
