// Word statistics of a novel: the most frequent words, and how rich the vocabulary of each chapter is.
import { novel } from './text.mjs';
import { richness, tokens, WordCounts } from './counts.mjs';

const chapters = novel({ chapters: 12, sentences: 130, seed: 1851 });
const book = new WordCounts();

for (const [number, chapter] of chapters.entries()) {
  const words = tokens(chapter);
  for (const word of words) book.add(word);
  console.log(`chapter ${number + 1}: ${words.length} words, richness ${richness(words).toFixed(0)}`);
}

console.log(`${book.total} words, ${book.distinct} distinct`);
for (const [word, count] of book.top(8)) console.log(`${word.padEnd(14)} ${String(count).padStart(5)}`);
