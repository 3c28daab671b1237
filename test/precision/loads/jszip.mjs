import JSZip from 'jszip';
import { load, texts } from '../input.mjs';

const files = texts('postcss/lib', '.js');
await load(async () => {
  const zip = new JSZip();
  for (const [i, one] of files.entries()) zip.file(`folder/${i}.js`, one);
  const bytes = await zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
  const read = await JSZip.loadAsync(bytes);
  for (const name of Object.keys(read.files)) await read.file(name)?.async('string');
}, 3000);
