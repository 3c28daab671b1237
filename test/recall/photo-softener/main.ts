// Softens pictures for a page's background and prints how smooth they became.
import { Picture, testPicture } from './image';
import { soften } from './soften';

function roughness(picture: Picture): number {
  let sum = 0;
  for (let i = 4; i < picture.data.length; i += 4) sum += Math.abs(picture.data[i] - picture.data[i - 4]);
  return sum / (picture.data.length / 4);
}

for (const [width, height, radius] of [
  [1024, 768, 2],
  [1024, 768, 4],
  [768, 1024, 3],
]) {
  const picture = testPicture(width, height);
  const soft = soften(picture, radius);
  console.log(`${width} x ${height}, radius ${radius}: ${roughness(picture).toFixed(2)} -> ${roughness(soft).toFixed(2)}`);
}
