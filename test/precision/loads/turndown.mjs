import { marked } from 'marked';
import TurndownService from 'turndown';
import { load, manuals } from '../input.mjs';

const pages = manuals().map((one) => marked.parse(one));
const service = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced' });
await load((turn) => service.turndown(pages[turn % pages.length]), 3000);
