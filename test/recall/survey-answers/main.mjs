// Evaluates a survey about traffic: removes answers that were sent twice, then sums them up.
import { collect } from './answers.mjs';
import { byTown, clean, wishes } from './report.mjs';

const all = collect(3600, 2025);
const answers = clean(all);
const towns = Object.entries(byTown(answers)).sort((a, b) => b[1].people - a[1].people);

console.log(`${all.length} answers, ${answers.length} after cleaning`);
for (const [town, { people, age, bike }] of towns.slice(0, 4)) console.log(`${town}: ${people} people, ${age.toFixed(1)} years, ${bike} always by bike`);
console.log(wishes(answers).slice(0, 5).map(([wish, times]) => `${wish} (${times})`).join(', '));
