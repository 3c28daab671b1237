import findMyWay from 'find-my-way';
import { load, random } from '../input.mjs';

await load(() => {
  const next = random(3);
  const router = findMyWay();
  for (let i = 0; i < 150; i++) router.on('GET', `/part${i}/:id/${i % 3 ? 'list' : ':name'}`, () => i);
  router.on('GET', '/files/*', () => -1);
  for (let i = 0; i < 2000; i++) router.find('GET', i % 10 ? `/part${next(150)}/${i}/list` : `/files/a/b/${i}`);
}, 3000);
