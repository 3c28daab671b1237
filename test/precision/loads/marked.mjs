import { marked } from 'marked';
import { load, manuals } from '../input.mjs';

const texts = manuals();
await load((turn) => marked.parse(texts[turn % texts.length]));
