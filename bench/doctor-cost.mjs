// What measuring costs a program: its CPU time with and without, the least of several
// runs in turn. `node bench/doctor-cost.mjs` after `npm run build`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const vitals = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist', 'target', 'vitals.cjs');
const programs = {
  'turns of the loop (100,000 immediates, each 10 µs)': `let i = 0; const spin = () => { let n = 0; for (let k = 0; k < 8000; k++) n += k; if (++i < 100000) setImmediate(spin); }; spin();`,
  'allocation (2 million objects a second and more)': `const kept = new Array(50000); let at = 0; const step = () => { for (let k = 0; k < 20000; k++) kept[at % 50000] = { at: at++, text: String(at) }; if (at < 2e7) setImmediate(step); }; step();`,
  'HTTP (40,000 requests to itself)': `const http = require('http'); const agent = new http.Agent({ keepAlive: true }); let n = 0; const s = http.createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', () => { const next = () => { if (++n > 40000) { s.close(); agent.destroy(); return; } http.get({ port: s.address().port, agent }, (r) => { r.resume(); r.on('end', next); }); }; next(); next(); next(); next(); });`,
  'connections (60,000 questions to itself)': `const net = require('net'); const s = net.createServer((c) => c.on('data', (d) => c.write(d))).listen(0, '127.0.0.1', () => { const c = net.connect(s.address().port, '127.0.0.1'); let n = 0; c.on('data', () => (++n < 60000 ? c.write('question') : (c.destroy(), s.close()))); c.write('question'); });`,
  'files (150,000 readFile)': `const fs = require('fs/promises'); (async () => { for (let i = 0; i < 150000; i++) await fs.readFile(process.execPath.replace(/bin.node$/, 'LICENSE')).catch(() => {}); })();`,
};
const cpu = (code, isMeasured) => {
  const tell = `process.on('exit', () => { const { user, system } = process.cpuUsage(start); console.log(user + system); }); const start = process.cpuUsage();`;
  const { stdout } = spawnSync(process.execPath, ['-e', `${tell}${isMeasured ? `require(${JSON.stringify(vitals)}).start();` : ''}${code}`], {
    encoding: 'utf8',
  });
  return Number(stdout);
};
for (const [name, code] of Object.entries(programs)) {
  let without = Number.POSITIVE_INFINITY;
  let measured = Number.POSITIVE_INFINITY;
  for (let run = 0; run < Number(process.argv[2] ?? 5); run++) {
    without = Math.min(without, cpu(code, false));
    measured = Math.min(measured, cpu(code, true));
  }
  console.log(`${name.padEnd(52)} ${(without / 1e3).toFixed(0)} ms  ${(measured / 1e3).toFixed(0)} ms  ${((measured / without - 1) * 100).toFixed(1)} %`);
}
