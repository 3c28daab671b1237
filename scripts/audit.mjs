// Known vulnerabilities in what ships: `npm run audit`, or `npm run audit -- FILE` with what
// `npm audit --json` gave on a machine with a network, of the same package-lock.json.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

const [file] = process.argv.slice(2);
const shipped = new Set([...readFileSync(path.join(root, 'THIRD-PARTY.md'), 'utf8').matchAll(/^\| (\S+)(?: \(in .*\))? \| /gm)].map(([, name]) => name));
const npm = () => spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 1 << 28 }).stdout;
let report;
try {
  report = JSON.parse(file === undefined ? npm() : readFileSync(file, 'utf8'));
} catch {
  report = undefined;
}
if (typeof report?.vulnerabilities !== 'object' || report.vulnerabilities === null) {
  console.error(
    `${file ?? 'npm audit'} gave no report${report?.message ? ` (${report.message})` : ''}. Without a network, run "npm audit --json > FILE" elsewhere, with this package-lock.json, and then "npm run audit -- FILE".`,
  );
  process.exit(2);
}
const found = Object.values(report.vulnerabilities);
const line = ({ name, severity, range }) => `  ${severity}: ${name} ${range}`;
const inside = found.filter(({ name }) => shipped.has(name));
const tools = found.filter(({ name }) => !shipped.has(name));
if (tools.length > 0) console.log(`In tools that do not ship:\n${tools.map(line).join('\n')}`);
if (inside.length > 0) console.log(`In what ships:\n${inside.map(line).join('\n')}`);
else console.log('Nothing is known of what ships.');
process.exit(inside.length > 0 ? 1 : 0);
