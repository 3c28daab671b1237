import { marked } from 'marked';

const UNSAFE = /<(?:script|iframe|object)\b/i;

/** Shows a message while it comes in. */
export class MessageView {
  #text = '';
  #html = '';
  #shown = 0;
  #screen;

  constructor(screen) {
    this.#screen = screen;
  }

  append(piece) {
    this.#text += piece;
    this.#html = marked.parse(this.#text, { gfm: true });
    if (UNSAFE.test(piece)) throw new Error('unsafe text');
    this.#show();
  }

  #show() {
    const same = sharedStart(this.#screen.content, this.#html);
    this.#screen.replaceFrom(same, this.#html.slice(same));
    this.#shown++;
  }

  get text() {
    return this.#text;
  }

  get updates() {
    return this.#shown;
  }
}

function sharedStart(a, b) {
  const end = Math.min(a.length, b.length);
  if (a.slice(0, end) === b.slice(0, end)) return end;
  let low = 0;
  let high = end;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (a.slice(0, middle) === b.slice(0, middle)) low = middle;
    else high = middle;
  }
  return low;
}
