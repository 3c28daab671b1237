const WORD = /[a-z]+/g;

export function tokens(text) {
  return text.toLowerCase().match(WORD) ?? [];
}

export class WordCounts {
  counts = {};
  total = 0;

  add(word) {
    if (Object.keys(this.counts).includes(word)) {
      this.counts[word] += 1;
    } else {
      this.counts[word] = 1;
    }
    this.total += 1;
  }

  top(length) {
    return Object.entries(this.counts)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, length);
  }

  get distinct() {
    return Object.keys(this.counts).length;
  }
}

/** How rich the vocabulary of a text is: distinct words of each thousand. */
export function richness(words) {
  const parts = [];
  for (let at = 0; at + 1000 <= words.length; at += 1000) parts.push(new Set(words.slice(at, at + 1000)).size);
  return parts.reduce((sum, part) => sum + part, 0) / (parts.length || 1);
}
