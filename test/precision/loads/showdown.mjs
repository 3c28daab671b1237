import showdown from 'showdown';
import { load, manuals } from '../input.mjs';

const texts = manuals();
const converter = new showdown.Converter({ tables: true, strikethrough: true, tasklists: true, simplifiedAutoLink: true });
await load((turn) => converter.makeHtml(texts[turn % texts.length]), 3000);
