// A history of words that are there already: nothing new but the places in the array.
class History {
  constructor() {
    this.name = 'history';
    this.words = [];
  }

  add(word) {
    this.words.push(word);
  }
}

const history = new History();

export function exercise() {
  history.add('opened');
  history.add('closed');
}
