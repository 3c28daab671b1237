/** Cities sorted by folded name, looked up by binary search. */
export class PrefixIndex {
  constructor(list) {
    this.entries = list.map((c) => ({ key: c.name.toLowerCase(), city: c }));
    this.entries.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  }

  get size() {
    return this.entries.length;
  }

  #lowerBound(prefix) {
    let lo = 0;
    let hi = this.entries.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (this.entries[mid].key < prefix) lo = mid + 1;
      else hi = mid;
    }
    return lo;
  }

  suggest(query, limit) {
    const prefix = query.toLowerCase();
    const found = [];
    for (let i = this.#lowerBound(prefix); i < this.entries.length && found.length < 200; i++) {
      if (!this.entries[i].key.startsWith(prefix)) break;
      found.push(this.entries[i].city);
    }
    found.sort((a, b) => b.population - a.population);
    return found.slice(0, limit);
  }
}
