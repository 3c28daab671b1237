// Suggestions for a field "town": replays what people typed, letter by letter.
import { TownSearch } from './search';
import { registry } from './towns';

const TYPED = ['sao ville', 'Münstad', 'lodowka', 'göteborg', 'chateau', 'zurheim', 'evora', 'Ålegård', 'sondfjord', 'krakow', 'bræila', 'gyoburg'];

const search = new TownSearch(registry(55_000));
const shown = new Map<string, number>();
let keys = 0;
let empty = 0;

for (const text of TYPED) {
  for (let end = 1; end <= text.length; end++) {
    keys += 1;
    const towns = search.suggest(text.slice(0, end));
    if (towns.length === 0) empty += 1;
    for (const town of towns) shown.set(town.name, (shown.get(town.name) ?? 0) + 1);
  }
}

const often = [...shown].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, 5);
console.log(`${keys} keys, ${empty} without a suggestion`);
for (const [name, times] of often) console.log(`${name}: ${times}`);
