import { optimize } from 'svgo';
import { load, random } from '../input.mjs';

const next = random(3);
const shape = (i) =>
  `<g id="g${i}" transform="translate(${next(100)} ${next(100)}) rotate(${next(360)})" fill="rgb(${next(255)},0,0)"><!-- c --><path style="stroke:#ff0000;stroke-width:2.000" d="M ${next(99)}.${next(999)} ${next(99)} L 10 20 C 1.${next(9999)} 2 3 4 5 6 A 5 5 0 0 1 ${next(50)} 50 Z"/><rect x="0" y="0" width="${next(100)}" height="10" class="a b"/><text>x ${i}</text></g>`;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 500 500"><style>.a { fill: red } .b > path { stroke: blue }</style><defs><linearGradient id="l"><stop offset="0" stop-color="red"/></linearGradient></defs>${Array.from({ length: 300 }, (_, i) => shape(i)).join('\n')}</svg>`;
await load(() => optimize(svg, { multipass: true }).data.length, 3000);
