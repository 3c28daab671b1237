import katex from 'katex';
import { load } from '../input.mjs';

const formulas = [
  '\\frac{-b \\pm \\sqrt{b^2 - 4ac}}{2a}',
  '\\sum_{i=0}^{n} \\binom{n}{i} x^i y^{n-i} = (x+y)^n',
  '\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}^{-1} = \\frac{1}{ad-bc}\\begin{pmatrix} d & -b \\\\ -c & a \\end{pmatrix}',
  '\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}',
  '\\overbrace{a+b}^{\\text{sum}} \\underline{\\mathbf{x}} \\color{red}{\\hat{y}}',
];
await load((turn) => katex.renderToString(formulas[turn % formulas.length], { displayMode: true }));
