import { startMirrors } from './mirrors.mjs';
import { head } from './http-head.mjs';

const LIMIT = 12;

async function mapLimit(items, limit, fn) {
  const results = new Array(items.length);
  let next = 0;
  async function worker() {
    while (next < items.length) {
      const i = next++;
      results[i] = await fn(items[i]);
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

const mirrors = await startMirrors();
const files = Array.from({ length: 700 }, (_, i) => `/pool/package-${i}.tar.gz`);
const checks = files.map((path) => ({ path, url: mirrors.base + path }));

const results = await mapLimit(checks, LIMIT, async ({ path, url }) => {
  const { status, headers } = await head(url);
  return { path, ok: status === 200, size: Number(headers['x-size'] ?? 0), stale: headers['x-age'] > 30 };
});
await mirrors.close();

const missing = results.filter((r) => !r.ok);
const stale = results.filter((r) => r.ok && r.stale);
const bytes = results.reduce((sum, r) => sum + r.size, 0);
console.log(`${results.length} files, ${missing.length} missing, ${stale.length} stale, ${bytes} bytes`);
