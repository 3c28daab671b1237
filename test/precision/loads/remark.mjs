import { remark } from 'remark';
import html from 'remark-html';
import { load, manuals } from '../input.mjs';

const texts = manuals();
const processor = remark().use(html);
await load((turn) => processor.process(texts[turn % texts.length]), 3000);
