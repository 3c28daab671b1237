import sax from 'sax';
import { load, people } from '../input.mjs';

const xml = `<?xml version="1.0"?><people>${people(600)
  .map((one) => `<one id="${one.id}" name='${one.name}'><![CDATA[${one.note}]]><b>${one.email} &amp; ${one.score}</b><!-- ${one.age} --></one>`)
  .join('\n')}</people>`;
await load(() => {
  const parser = sax.parser(true, { trim: true, xmlns: true });
  let n = 0;
  parser.onopentag = () => n++;
  parser.write(xml).close();
  return n;
}, 3000);
