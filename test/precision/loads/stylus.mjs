import stylus from 'stylus';
import { load } from '../input.mjs';

const sheet = `size(n)\n  width n * 2px\n  height (n + 1) * 1px\n${Array.from({ length: 200 }, (_, i) => `c${i} = hsl(${i}, 50%, 50%)\n.box${i}\n  size(${i})\n  color darken(c${i}, 10%)\n  for n in 1..5\n    .i{n}\n      margin n * 1px\n  &:hover\n    @extend .box0\n    border 1px solid lighten(c${i}, 20%)\n`).join('')}`;
await load(() => stylus.render(sheet), 3000);
