const STOP = new Set(['the', 'of', 'and', 'a', 'to', 'in', 'is', 'for']);
const WORD = /[a-z]+/g;

function terms(text) {
  const counts = new Map();
  for (const word of text.toLowerCase().match(WORD) ?? []) {
    if (STOP.has(word)) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

export class InvertedIndex {
  constructor() {
    this.postings = new Map();
    this.documents = [];
  }

  get size() {
    return this.postings.size;
  }

  add(id, text) {
    const number = this.documents.length;
    const counts = terms(text);
    this.documents.push({ id, length: counts.size, norm: 1 });
    for (const [term, count] of counts) {
      const list = this.postings.get(term);
      if (list) list.push(number, count);
      else this.postings.set(term, [number, count]);
    }
  }

  finish() {
    for (const doc of this.documents) doc.norm = 1 / Math.sqrt(doc.length || 1);
  }

  search(query, limit) {
    const scores = new Float64Array(this.documents.length);
    const touched = [];
    for (const term of terms(query).keys()) {
      const list = this.postings.get(term);
      if (!list) continue;
      const weight = Math.log(1 + (2 * this.documents.length) / list.length);
      for (let i = 0; i < list.length; i += 2) {
        const doc = list[i];
        if (scores[doc] === 0) touched.push(doc);
        scores[doc] += weight * Math.sqrt(list[i + 1]) * this.documents[doc].norm;
      }
    }
    touched.sort((a, b) => scores[b] - scores[a]);
    return touched.slice(0, limit).map((doc) => ({ id: this.documents[doc].id, score: scores[doc] }));
  }
}
