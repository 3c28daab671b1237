// A report to which each request adds a line of sixteen characters.
const report = { title: 'requests', text: '' };

export function exercise() {
  report.text += 'GET /orders 200\n';
  return /500/.test(report.text);
}
