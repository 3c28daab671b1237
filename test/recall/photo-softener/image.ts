export interface Colour {
  r: number;
  g: number;
  b: number;
}

export class Picture {
  readonly data: Uint8ClampedArray;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }

  at(x: number, y: number): Colour {
    const i = (y * this.width + x) * 4;
    return { r: this.data[i], g: this.data[i + 1], b: this.data[i + 2] };
  }

  put(x: number, y: number, { r, g, b }: Colour): void {
    const i = (y * this.width + x) * 4;
    this.data[i] = r;
    this.data[i + 1] = g;
    this.data[i + 2] = b;
    this.data[i + 3] = 255;
  }
}

/** A test picture: stripes, a disc and some noise. */
export function testPicture(width: number, height: number): Picture {
  const picture = new Picture(width, height);
  let state = 8;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const noise = (state >>> 24) / 8;
      const disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 3) ** 2 ? 120 : 0;
      picture.put(x, y, { r: ((x >> 4) % 2) * 90 + noise, g: disc + noise, b: ((y >> 5) % 2) * 80 + noise });
    }
  }
  return picture;
}
