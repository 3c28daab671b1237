export interface Image {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

interface Pixel {
  r: number;
  g: number;
  b: number;
}

const OFFSETS = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy })));

function pixelAt(image: Image, x: number, y: number): Pixel {
  const cx = Math.min(image.width - 1, Math.max(0, x));
  const cy = Math.min(image.height - 1, Math.max(0, y));
  const [r, g, b] = image.data.slice((cy * image.width + cx) * 3, (cy * image.width + cx) * 3 + 3);
  return { r, g, b };
}

const luma = (p: Pixel) => 0.299 * p.r + 0.587 * p.g + 0.114 * p.b;

/** Replaces every pixel with the one of middle brightness among its neighbours. */
export function medianFilter(image: Image): Image {
  const data = new Uint8ClampedArray(image.data.length);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const around = OFFSETS.map(({ dx, dy }) => pixelAt(image, x + dx, y + dy));
      around.sort((a, b) => luma(a) - luma(b));
      const { r, g, b } = around[4];
      const at = (y * image.width + x) * 3;
      data[at] = r;
      data[at + 1] = g;
      data[at + 2] = b;
    }
  }
  return { width: image.width, height: image.height, data };
}
