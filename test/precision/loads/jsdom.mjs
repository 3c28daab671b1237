import { JSDOM } from 'jsdom';
import { marked } from 'marked';
import { load, manuals } from '../input.mjs';

const pages = manuals().map((one) => marked.parse(one));
await load((turn) => {
  const { window } = new JSDOM(pages[turn % pages.length]);
  const { document } = window;
  for (const one of document.querySelectorAll('h2, p > code')) one.classList.add('seen');
  const list = document.createElement('ul');
  for (let i = 0; i < 100; i++) {
    const item = document.createElement('li');
    item.textContent = `item ${i}`;
    item.setAttribute('data-i', String(i));
    item.addEventListener('click', () => item.remove());
    list.append(item);
  }
  document.body.append(list);
  for (const item of [...list.children]) if (item.matches(':nth-child(3n)')) item.dispatchEvent(new window.Event('click', { bubbles: true }));
  const size = document.documentElement.outerHTML.length;
  window.close();
  return size;
}, 4000);
