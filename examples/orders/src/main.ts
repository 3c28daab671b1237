import { buildReport } from './report.js';

const orders = Number(process.argv[2] ?? 40_000);
const report = buildReport(orders);
console.log(report.lines.slice(0, 5).join('\n'));
console.log(`${orders} orders on ${Object.keys(report.summary).length} days`);
