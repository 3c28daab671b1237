export interface Thumb {
  name: string;
  pixels: Uint8Array;
}

/** Renders the thumbnail of a picture (here: of its number). */
export function render(name: string, number: number): Thumb {
  const pixels = new Uint8Array(32 * 32);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 32; x++) pixels[y * 32 + x] = (x * number + y * y * 3) & 255;
  }
  return { name, pixels };
}

export function brightness({ pixels }: Thumb): number {
  let sum = 0;
  for (const pixel of pixels) sum += pixel;
  return sum / pixels.length;
}
