import * as cheerio from 'cheerio';
import { marked } from 'marked';
import { load, manuals } from '../input.mjs';

const pages = manuals().map((one) => marked.parse(one));
await load((turn) => {
  const $ = cheerio.load(pages[turn % pages.length]);
  const links = $('a[href^="http"]')
    .map((_, one) => $(one).attr('href'))
    .get();
  $('h2, h3').each((i, one) => void $(one).attr('id', `h${i}`).addClass('head').text());
  $('p > code').wrap('<kbd></kbd>');
  $('ul li:first-child').parent().children().filter(':contains("a")').remove();
  return $.html().length + links.length;
});
