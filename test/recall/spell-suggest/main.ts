// Suggests known words for misspelt ones.
import { distance } from './distance';
import { WORDS } from './words';

interface Suggestion {
  word: string;
  distance: number;
}

function suggest(typed: string, limit: number): Suggestion[] {
  const found: Suggestion[] = [];
  for (const word of WORDS) {
    if (Math.abs(word.length - typed.length) > 2) continue;
    const d = distance(typed, word);
    if (d <= 3) found.push({ word, distance: d });
  }
  return found.sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1)).slice(0, limit);
}

function misspell(word: string, at: number): string {
  const letters = [...word];
  const i = at % (letters.length - 1);
  [letters[i], letters[i + 1]] = [letters[i + 1], letters[i]];
  return letters.join('');
}

let right = 0;
let asked = 0;
for (const [i, word] of WORDS.entries()) {
  asked++;
  const [first] = suggest(misspell(word, i), 3);
  if (first?.word === word) right++;
}
console.log(`${right} of ${asked} words found`);
