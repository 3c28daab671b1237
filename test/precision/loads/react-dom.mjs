import { createElement as h, memo, useMemo, useState } from 'react';
import { renderToString } from 'react-dom/server';
import { load, people } from '../input.mjs';

const all = people(400);
const Tag = memo(({ name }) => h('b', { className: `tag ${name}`, style: { color: 'red', paddingLeft: 3 } }, name));
function Person({ one }) {
  const [open] = useState(one.active);
  const tags = useMemo(() => [...one.tags].sort(), [one]);
  return h(
    'li',
    { 'data-id': one.id, className: open ? 'on' : 'off' },
    h('a', { href: `mailto:${one.email}` }, one.name),
    tags.map((name, i) => h(Tag, { key: i, name })),
    open ? h('p', null, one.note) : null,
  );
}
await load(() =>
  renderToString(
    h(
      'ul',
      null,
      all.map((one) => h(Person, { key: one.id, one })),
    ),
  ),
);
