import type { Unit } from '../../shared/brands';

export interface KnownUnit {
  readonly unit: Unit;
  /** What a number is multiplied by to be in it. */
  readonly factor: number;
}

const count: KnownUnit = { unit: 'count', factor: 1 };

/** As pprof knows them (github.com/google/pprof, internal/measurement), in lower case and the singular; kB are 1024 bytes there. */
const units: ReadonlyMap<string, KnownUnit> = new Map([
  ...spellings('microseconds', [
    [1e-3, 'ns nanosecond'],
    [1, 'us µs μs microsecond'],
    [1e3, 'ms millisecond'],
    [1e6, 's sec second'],
    [60e6, 'min minute'],
    [3600e6, 'h hr hour'],
  ]),
  ...spellings('bytes', [
    [1, 'b byte'],
    [2 ** 10, 'kb kbyte kilobyte kib kibibyte'],
    [2 ** 20, 'mb mbyte megabyte mib mebibyte'],
    [2 ** 30, 'gb gbyte gigabyte gib gibibyte'],
    [2 ** 40, 'tb tbyte terabyte tib tebibyte'],
    [2 ** 50, 'pb pbyte petabyte pib pebibyte'],
  ]),
]);

function spellings(unit: Unit, rows: readonly (readonly [factor: number, names: string])[]): (readonly [string, KnownUnit])[] {
  return rows.flatMap(([factor, names]) => names.split(' ').map((name) => [name, { unit, factor }] as const));
}

/** The unit that a file names, in any spelling; what is none of them is a count. */
export function unitOf(name: unknown): KnownUnit {
  if (typeof name !== 'string' || name.length > 40) return count;
  const text = name.trim().toLowerCase();
  return units.get(text) ?? units.get(text.length > 2 ? text.replace(/s$/, '') : text) ?? count;
}

/** The unit at the end of an event's name: `Time_(10ns)`, `Memory_(bytes)` of Xdebug, `inuse_space(MB)` of pprof. */
export function unitInBrackets(name: string): KnownUnit {
  const match = /\((\d{0,9})\s*([a-zµμ]+)\)$/i.exec(name);
  const { unit, factor } = unitOf(match?.[2]);
  return { unit, factor: unit === 'count' ? 1 : factor * Number(match?.[1] || 1) };
}
