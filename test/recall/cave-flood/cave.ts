export interface Point {
  x: number;
  y: number;
}

export class Cave {
  private readonly rock: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.rock = new Uint8Array(width * height);
    let seed = 3;
    for (let i = 0; i < this.rock.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      this.rock[i] = seed > 0xd8000000 ? 1 : 0;
    }
  }

  isRock({ x, y }: Point): boolean {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return true;
    return this.rock[y * this.width + x] === 1;
  }
}
