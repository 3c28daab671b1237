import { JSDOM } from 'jsdom';

const ALLOWED = new Set(['A', 'B', 'BLOCKQUOTE', 'BR', 'CODE', 'EM', 'I', 'LI', 'OL', 'P', 'PRE', 'STRONG', 'UL']);
const DROPPED = new Set(['SCRIPT', 'STYLE', 'IFRAME', 'OBJECT']);

function safeUrl(url) {
  return /^(?:https?:|mailto:|\/)/i.test(url.trim());
}

function cleanElement(element) {
  if (DROPPED.has(element.tagName)) return element.remove();
  for (const child of [...element.children]) cleanElement(child);
  if (!ALLOWED.has(element.tagName)) return element.replaceWith(...element.childNodes);
  for (const { name, value } of [...element.attributes]) {
    if (name !== 'href' || element.tagName !== 'A' || !safeUrl(value)) element.removeAttribute(name);
  }
  if (element.hasAttribute('href')) element.setAttribute('rel', 'nofollow');
  return undefined;
}

/** HTML that may be shown: only plain formatting and links are left. */
export function clean(html) {
  const { document } = new JSDOM(`<!doctype html><body>${html}`).window;
  for (const child of [...document.body.children]) cleanElement(child);
  return document.body.innerHTML;
}
