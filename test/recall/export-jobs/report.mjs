export function writeReport(exports) {
  const width = Math.max(...exports.map((e) => e.month.length));
  const lines = exports.map((e) => `${e.month.padEnd(width)}  ${String(e.rows).padStart(6)} rows`);
  const total = exports.reduce((sum, e) => sum + e.rows, 0);
  lines.push(`${'total'.padEnd(width)}  ${String(total).padStart(6)} rows`);
  return lines.join('\n');
}
