import { hash } from './passwords.mjs';

const NAMES = ['ada', 'bert', 'cleo', 'dora'];

const members = new Map(NAMES.map((name, id) => [name, { id, name, password: hash(`secret-${name}`) }]));

export function findMember(name) {
  return members.get(name);
}

export function timeline(id, page) {
  return Array.from({ length: 25 }, (_, i) => {
    const n = page * 25 + i;
    return { id: n, author: NAMES[(n + id) % NAMES.length], text: `Entry number ${n}`, likes: (n * 7) % 31 };
  });
}
