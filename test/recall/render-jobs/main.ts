// Has pictures rendered by a service, and waits for each to be done.
import { Renderer } from './renderer';

interface Picture {
  name: string;
  width: number;
}

const pictures: Picture[] = ['cover', 'map', 'portrait', 'chart', 'back', 'spine'].map((name, i) => ({ name, width: 800 + i * 100 }));

async function main(): Promise<void> {
  const renderer = new Renderer(`http://127.0.0.1:${process.env.UPSTREAM_PORT}`);
  let pixels = 0;
  for (const picture of pictures) {
    const id = await renderer.submit(picture.name, picture.width);
    await renderer.finished(id, 60_000);
    pixels += picture.width * picture.width;
  }
  console.log(`${pictures.length} pictures, ${pixels} pixels`);
}

await main();
