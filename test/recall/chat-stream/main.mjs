// Shows the answer of a language model in a window while it is received.
import { pieces } from './answer.mjs';
import { MessageView } from './view.mjs';

class Screen {
  content = '';
  written = 0;

  replaceFrom(at, text) {
    this.content = this.content.slice(0, at) + text;
    this.written += text.length;
  }
}

function outline(text) {
  return text
    .split('\n')
    .filter((line) => line.startsWith('## '))
    .map((line) => line.slice(3));
}

const screen = new Screen();
const view = new MessageView(screen);
for (const piece of pieces()) view.append(piece);
console.log(`${view.text.length} characters in ${view.updates} updates, ${screen.written} written, ${screen.content.length} shown`);
for (const title of outline(view.text)) console.log(title);
