import type { HuntLeak } from '../../shared/hunt';

/**
 * One entry for each cause: a cache keeps a key, a value and a place in each of its lists, and a
 * worker its ports and streams. What is kept by the same declaration is one, and what nothing of
 * the user's keeps, by the function that makes it. The first of an entry says most; the order of
 * the entries stays.
 */
export function foldCauses(leaks: readonly HuntLeak[]): HuntLeak[] {
  const causes = new Map<string, HuntLeak[]>();
  for (const [i, leak] of leaks.entries()) {
    const key = causeOf(leak) ?? String(i);
    const known = causes.get(key);
    if (known) known.push(leak);
    else causes.set(key, [leak]);
  }
  return [...causes.values()].map((of) => {
    const [first, ...rest] = [...of].sort((a, b) => rankOf(a) - rankOf(b) || b.retainedSize - a.retainedSize) as [HuntLeak, ...HuntLeak[]];
    if (rest.length === 0) return first;
    const sum = (size: (leak: HuntLeak) => number): number => of.reduce((all, leak) => all + size(leak), 0);
    return {
      ...first,
      retainedSize: sum(({ retainedSize }) => retainedSize),
      bytesPerExercise: sum(({ bytesPerExercise }) => bytesPerExercise),
      withIt: rest.map(({ className, measure, counts, summary, retainedSize }) => ({ className, measure, counts, summary, retainedSize })),
    };
  });
}

function causeOf({ retainedAt, allocatedAt }: HuntLeak): string | undefined {
  const place = retainedAt ?? allocatedAt;
  return place && JSON.stringify([retainedAt ? 'kept' : 'made', place.file, place.line, place.column]);
}

/** Objects of a class say more than functions, those more than text or what C++ made, and that more than lengths. */
function rankOf({ verdict, isMultiple, measure = 'objects', className }: HuntLeak): number {
  return (
    (verdict === 'leak' ? 0 : 100) +
    (isMultiple ? 0 : 10) +
    (measure === 'objects' ? 0 : 4) +
    (/^(?:string$|\(|Node \/ )/.test(className) ? 2 : className.startsWith('function ') ? 1 : 0)
  );
}
