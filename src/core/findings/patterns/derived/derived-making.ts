/** What is said of garbage: what the function that makes most of it makes, and in which loop. */
import type { PlacedFunction } from './derived-types';
import { type Cause, times } from './derived-words';

const NAMED = 3;

/** Of a function without loops only that it makes something at each call. */
export function making(placed: PlacedFunction | undefined): (Cause & { file: string }) | undefined {
  if (!placed) return undefined;
  const { fact, file } = placed;
  const [first] = fact.makes;
  if (!first || fact.name === '') return undefined;
  const within = fact.makes.filter(({ loop }) => loop?.line === first.loop?.line);
  const kinds = [...new Map(within.map((one) => [one.what, one])).values()].slice(0, NAMED);
  const often = first.loop ? times(first.loop) : 'at each call';
  const list = kinds.map(({ what, line }) => `${what} (line ${line + 1})`);
  const joined = list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1)}` : list[0];
  return {
    title: `\`${fact.name}\` makes ${kinds.map(({ what }) => what).join(', ')} ${often}`,
    sentence: `\`${fact.name}\` makes ${joined} ${often}.`,
    advice:
      'Where it is not kept, make none of it: work on the values themselves (numbers in variables or typed arrays, the list as it is with an index), use one object again, or join the steps into one loop.',
    line: first.line + 1,
    file,
  };
}
