/**
 * Worker thread: does for the server's thread what may take for ever. Who waits for it gave it a port and a
 * flag (`files/waited-thread.ts`); who does not is answered by message.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { fileJobs } from '../../files/file-jobs';
import type { WaitedAnswer, WaitedData, WaitedJob } from '../../files/waited-thread';
import { textOutline } from '../../source/maps/original-text';
import { isAwaited, isInLoop } from '../../source/parse/call-lines';
import { parseFunctions } from '../../source/parse/parse-functions';
import { commentStarts } from '../../source/parse/parse-source';
import { fileOutline } from '../../source/parse/test-blocks';
import { areTurnsInOrder } from '../../source/parse/turns-in-order';

/** More than anybody has written into one file. */
const MOST_FUNCTIONS = 50_000;

const sourceJobs = {
  outline: textOutline,
  functions: (text: string, file: string) => {
    const found = parseFunctions(text, file);
    return found && found.length > MOST_FUNCTIONS ? [] : found;
  },
  fileOutline,
  isInLoop,
  isAwaited,
  areTurnsInOrder,
  isComment: (text: string, file: string, at: number): boolean => commentStarts(text, file)?.has(at) ?? true,
} as const;

/** By the name that a message has: of the functions' types only this much is known here. */
const jobs = new Map<string, (...given: never[]) => unknown>(Object.entries({ ...fileJobs, ...sourceJobs }));

const data = workerData as WaitedData | undefined;
const port = (data?.port ?? parentPort) as MessagePort;
const answer = (id: number, value: unknown): void => {
  port.postMessage({ id, value } satisfies WaitedAnswer);
  if (!data) return;
  Atomics.add(data.flag, 0, 1);
  Atomics.notify(data.flag, 0);
};
port.on('message', ({ id, name, given }: WaitedJob) => answer(id, jobs.get(name)?.(...(given as never[]))));
// That it is ready.
if (data) answer(0, true);
