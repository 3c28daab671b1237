import MarkdownIt from 'markdown-it';
import { load, manuals } from '../input.mjs';

const texts = manuals();
const md = new MarkdownIt({ html: true, linkify: true, typographer: true });
await load((turn) => md.render(texts[turn % texts.length]));
