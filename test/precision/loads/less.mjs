import less from 'less';
import { load } from '../input.mjs';

const sheet = Array.from(
  { length: 300 },
  (_, i) => `@c${i}: hsl(${i}, 50%, 50%);
.m${i}(@a; @b: 2) when (@a > 1) { width: (@a * @b * 1px); color: darken(@c${i}, 10%); }
.box${i} { .m${i}(${i + 2}); &:hover { color: fade(@c${i}, 50%); .inner { margin: ~"calc(100% - @{b${i}})"; } } @b${i}: ${i}px; &:extend(.box0 all); }`,
).join('\n');
await load(() => less.render(sheet), 3000);
