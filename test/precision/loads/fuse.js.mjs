import Fuse from 'fuse.js';
import { load, people } from '../input.mjs';

const fuse = new Fuse(people(1500), { keys: ['name', 'email', 'address.city', 'note', 'tags'], includeScore: true, includeMatches: true });
const words = ['amber', 'junper', 'quartz st', 'willow', 'zefyr', 'river 12'];
await load((turn) => fuse.search(words[turn % words.length], { limit: 20 }), 3000);
