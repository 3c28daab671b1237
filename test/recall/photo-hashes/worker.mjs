import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

function pixels(number) {
  const grey = new Uint8Array(256 * 256);
  let state = number * 2654435761;
  for (let i = 0; i < grey.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    grey[i] = ((i % 256) + (i >> 8) + (state >>> 27)) & 255;
  }
  return grey;
}

/** A hash by differences of brightness: pictures that look alike have hashes alike. */
function likeness(grey) {
  let bits = '';
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) bits += grey[y * 32 * 256 + x * 28] > grey[y * 32 * 256 + (x + 1) * 28] ? '1' : '0';
  }
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

const grey = pixels(workerData.number);
parentPort.postMessage({ name: workerData.name, likeness: likeness(grey), sum: createHash('sha1').update(grey).digest('hex') });
