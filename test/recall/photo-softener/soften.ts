import { type Colour, Picture } from './image';

const clamp = (value: number, most: number) => Math.min(Math.max(value, 0), most);

function neighbours(picture: Picture, x: number, y: number, radius: number): Colour[] {
  const colours: Colour[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      colours.push(picture.at(clamp(x + dx, picture.width - 1), clamp(y + dy, picture.height - 1)));
    }
  }
  return colours;
}

function mean(colours: Colour[]): Colour {
  const sum = colours.reduce((all, one) => ({ r: all.r + one.r, g: all.g + one.g, b: all.b + one.b }), { r: 0, g: 0, b: 0 });
  return { r: sum.r / colours.length, g: sum.g / colours.length, b: sum.b / colours.length };
}

export function soften(picture: Picture, radius: number): Picture {
  const result = new Picture(picture.width, picture.height);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) result.put(x, y, mean(neighbours(picture, x, y, radius)));
  }
  return result;
}
