import { JSDOM } from 'jsdom';

const FRAME = '<!doctype html><html><body><h1></h1><ul id="guests"></ul><p id="kitchen"></p></body></html>';

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function entry({ number, name, table, meal, child }) {
  return `<li data-table="${table}" class="${meal}"><b>${number}</b> <span>${escape(name)}</span>${child ? ' <i>child</i>' : ''}</li>`;
}

export class GuestPage {
  constructor(title) {
    this.dom = new JSDOM(FRAME);
    this.document = this.dom.window.document;
    this.document.querySelector('h1').textContent = title;
    this.list = this.document.getElementById('guests');
  }

  add(guest) {
    this.list.innerHTML += entry(guest);
  }

  kitchen(meals) {
    this.document.getElementById('kitchen').textContent = meals.map(([meal, count]) => `${count} x ${meal}`).join(', ');
  }

  toString() {
    return this.dom.serialize();
  }
}
