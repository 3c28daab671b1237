import * as yaml from 'js-yaml';
import { load, people } from '../input.mjs';

const all = people(200);
await load(() => yaml.load(yaml.dump(all)));
