// Answers that a worker sends are put by for somebody who never asks for them.
import { Worker } from 'node:worker_threads';

const source = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', (n) => parentPort.postMessage({ n, rows: [n, n, n] }));`;
const worker = new Worker(source, { eval: true });
worker.unref();
const inbox = [];
let answered;
worker.on('message', (message) => {
  inbox.push(message);
  answered?.();
});

export function exercise() {
  return new Promise((resolve) => {
    answered = resolve;
    worker.postMessage(inbox.length);
  });
}
