import { createReadStream } from 'node:fs';

/** The gateway gives every meter a named pipe; its lines are "<seq> <value>". */
export function openMeter(pipe) {
  return createReadStream(pipe, { encoding: 'utf8' });
}

export function parseLine(line) {
  const [seq, value] = line.split(' ');
  return { seq: Number(seq), value: Number(value) };
}
