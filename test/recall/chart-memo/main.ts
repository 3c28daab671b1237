// Renders a dashboard again and again while its filters change.
import { memoize } from './memoize';
import { measurements, type Measurement } from './measurements';

interface Filter {
  sensor: string;
  from: number;
  to: number;
}

const inRange = memoize((data: Measurement[], filter: Filter) => data.filter((one) => one.sensor === filter.sensor && one.at >= filter.from && one.at < filter.to));

const average = memoize((data: Measurement[]) => data.reduce((sum, one) => sum + one.value, 0) / Math.max(1, data.length));

function sparkline(data: Measurement[], width: number): string {
  const bars = '▁▂▃▄▅▆▇█';
  const step = Math.max(1, Math.floor(data.length / width));
  let line = '';
  for (let i = 0; i < data.length && line.length < width; i += step) line += bars[Math.min(7, Math.floor(data[i].value / 12.5))];
  return line;
}

function render(data: Measurement[], filter: Filter): string {
  const visible = inRange(data, filter);
  return `${filter.sensor} ${average(visible).toFixed(1)} ${sparkline(visible, 40)}`;
}

const data = measurements(12000);
let frames = 0;
let last = '';
for (let frame = 0; frame < 420; frame++) {
  last = render(data, { sensor: `s${frame % 4}`, from: 0, to: 9000 });
  frames++;
}
console.log(`${frames} frames, last: ${last}`);
