import YAML from 'yaml';
import { load, people } from '../input.mjs';

const all = people(150);
await load(() => {
  const text = YAML.stringify(all);
  const document = YAML.parseDocument(text);
  document.setIn([0, 'name'], 'new');
  return document.toString().length;
});
