import { writeFileSync } from 'node:fs';
import path from 'node:path';

const SERVICES = ['checkout', 'search', 'mail', 'stock', 'images', 'login'];
const PLACES = ['GET /cart', 'POST /orders', 'GET /items', 'PUT /profile'];

/** Writes a log for each service, as they lie on the server in the morning. */
export function writeLogs(folder, lines) {
  let state = 3;
  return SERVICES.map((service, at) => {
    const rows = [];
    for (let i = 0; i < lines; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const status = state % 23 === 0 ? 500 + (state % 4) : 200;
      rows.push(`2024-05-0${1 + at} 0${i % 10}:${String(i % 60).padStart(2, '0')} ${service} ${PLACES[(state >>> 9) % 4]} ${status} ${(state >>> 12) % 900} ms`);
    }
    const file = path.join(folder, `${service}.log`);
    writeFileSync(file, `${rows.join('\n')}\n`);
    return { service, file };
  });
}
