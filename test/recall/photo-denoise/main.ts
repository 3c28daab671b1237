import { medianFilter, type Image } from './filter';

const WIDTH = 640;
const HEIGHT = 480;

function photo(frame: number): Image {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 3);
  let s = 1 + frame;
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor(i / 3) % WIDTH;
    const y = Math.floor(i / 3 / WIDTH);
    s = (Math.imul(s, 1103515245) + 12345) & 0x7fffffff;
    const noise = s % 17 === 0 ? 120 : (s >> 8) % 12;
    data[i] = 90 + 60 * Math.sin(x / 50 + frame) + 40 * Math.cos(y / 35) + noise;
  }
  return { width: WIDTH, height: HEIGHT, data };
}

function roughness(image: Image): number {
  let sum = 0;
  for (let i = 3; i < image.data.length; i++) sum += Math.abs(image.data[i] - image.data[i - 3]);
  return sum / image.data.length;
}

function contrast(image: Image): number {
  let min = 255;
  let max = 0;
  for (const v of image.data) {
    if (v < min) min = v;
    if (v > max) max = v;
  }
  return max - min;
}

for (let frame = 0; frame < 7; frame++) {
  const raw = photo(frame);
  const clean = medianFilter(raw);
  console.log(`frame ${frame}: roughness ${roughness(raw).toFixed(2)} -> ${roughness(clean).toFixed(2)}, contrast ${contrast(clean)}`);
}
