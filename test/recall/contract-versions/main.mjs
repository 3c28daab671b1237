// Lists which clauses of a contract changed from version to version.
import { changes, clausesTouched } from './compare.mjs';
import { versions } from './versions.mjs';

const texts = versions(6, 125, 314);
for (let i = 1; i < texts.length; i++) {
  const marks = changes(texts[i - 1], texts[i]);
  const touched = clausesTouched(marks, texts[i]);
  const added = marks.filter(({ kind }) => kind === 'added').reduce((sum, { length }) => sum + length, 0);
  console.log(`version ${i + 1}: ${touched.size} clauses touched, ${added} characters added (${[...touched].slice(0, 6).join(', ')} ...)`);
}
