// Looks every 150 ms whether a job is done, which it has been told of all along.
import { setTimeout as sleep } from 'node:timers/promises';

const startedAt = Date.now();
const isDone = () => Date.now() - startedAt > 2200;

async function waitForJob() {
  let looks = 0;
  while (!isDone()) {
    await sleep(150);
    looks++;
  }
  return looks;
}

console.log((await waitForJob()) > 5);
