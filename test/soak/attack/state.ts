/** What a run has finished, in a file, so that one that was stopped goes on where it was. */
import fs from 'node:fs';
import path from 'node:path';
import { emptyTally, type Tally } from './tally';

/** Seeds from the first to behind the last. */
export type Range = readonly [from: number, to: number];

export interface State {
  readonly done: Range[];
  readonly tally: Tally;
  /** Of all its parts. */
  seconds: number;
}

export function readState(file: string): State {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as State;
  } catch {
    return { done: [], tally: emptyTally(), seconds: 0 };
  }
}

/** Whole or not at all. */
export function writeState(file: string, state: State): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.new`, JSON.stringify(state));
  fs.renameSync(`${file}.new`, file);
}

/** What is left of seeds, in parts of so many at most. */
export function rangesLeft([first, end]: Range, done: readonly Range[], most: number): Range[] {
  const left: Range[] = [];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += most) left.push([at, Math.min(to, at + most)]);
  };
  let at = first;
  for (const [from, to] of [...done].sort((a, b) => a[0] - b[0])) {
    if (to <= at || from >= end) continue;
    add(at, from);
    at = Math.max(at, to);
  }
  add(at, end);
  return left;
}
