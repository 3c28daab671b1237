// A history that is a list: each entry holds the one before.
let newest;

class Entry {
  constructor(previous) {
    this.previous = previous;
  }
}

export function exercise() {
  newest = new Entry(newest);
}
