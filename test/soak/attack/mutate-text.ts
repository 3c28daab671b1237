/** Changes to formats of lines: lines, numbers and words, one to three a case. */
import { hostileNumbers, hostileTexts } from './hostile';
import { type Below, isLarge, oneOf } from './pick';

/** A text of this kind stays on its line. */
const onOneLine = hostileTexts.filter((text) => !/[\r\n]/.test(text));

function replaceOne(line: string, pattern: RegExp, by: (old: string) => string, below: Below): string {
  const found = [...line.matchAll(pattern)];
  if (found.length === 0) return line;
  const { 0: old, index } = oneOf(found, below);
  return line.slice(0, index) + by(old) + line.slice(index + old.length);
}

function newNumber(old: string, below: Below): string {
  return below(2) === 0 ? String(Number(old) + below(5) - 2) : oneOf(hostileNumbers, below);
}

function change(lines: string[], mayBeLarge: boolean, below: Below): void {
  const at = below(lines.length);
  const line = lines[at] as string;
  switch (below(9)) {
    case 0:
      lines.splice(at, 1 + (below(4) === 0 ? below(10) : 0));
      break;
    case 1:
      lines.splice(at, 0, ...lines.slice(at, at + 1 + below(4)));
      break;
    case 2: {
      const other = below(lines.length);
      lines[at] = lines[other] as string;
      lines[other] = line;
      break;
    }
    case 3:
    case 4:
      lines[at] = replaceOne(line, /\d+(?:\.\d+)?/g, (old) => newNumber(old, below), below);
      break;
    case 5:
    case 6:
      lines[at] = replaceOne(line, /[^\s;:(),=]+/g, () => oneOf(onOneLine, below), below);
      break;
    case 7:
      if (below(3) === 0) lines[at] = line + line.slice(below(line.length + 1)).repeat(1 + below(2) * (mayBeLarge ? 3000 : 30));
      else lines[at] = line.slice(0, below(line.length + 1));
      break;
    default:
      if (below(6) === 0) lines.splice(at, 0, ...Array<string>(oneOf(mayBeLarge ? [3000, 20_000] : [10, 100], below)).fill(line));
      else lines.splice(at, 0, oneOf(['', '  ', '#', '---', '-', ...onOneLine], below));
  }
  if (lines.length === 0) lines.push('');
}

/** The text with one to three things changed. */
export function mutateText(text: string, below: Below): string {
  const lines = text.split('\n');
  const mayBeLarge = isLarge(below);
  for (let times = 1 + below(3); times > 0; times--) change(lines, mayBeLarge, below);
  return lines.join('\n');
}
