import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const script = new URL('worker.mjs', import.meta.url);

export async function hash(photo) {
  const worker = new Worker(script, { workerData: photo });
  const [result] = await once(worker, 'message');
  return result;
}

export async function hashAll(photos, atOnce = 2) {
  const results = [];
  const left = photos[Symbol.iterator]();
  const take = async () => {
    for (const photo of left) results.push(await hash(photo));
  };
  await Promise.all(Array.from({ length: atOnce }, take));
  return results;
}
