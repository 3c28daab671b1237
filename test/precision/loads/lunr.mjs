import lunr from 'lunr';
import { load, manuals } from '../input.mjs';

const parts = manuals()
  .flatMap((one) => one.split(/\n#+ /))
  .map((body, id) => ({ id, title: body.split('\n')[0], body }));
await load(() => {
  const index = lunr(function () {
    this.ref('id');
    this.field('title', { boost: 5 });
    this.field('body');
    for (const part of parts) this.add(part);
  });
  for (const word of ['schema', 'parse*', 'optoin~1', '+array -string', 'title:api']) index.search(word);
}, 3000);
