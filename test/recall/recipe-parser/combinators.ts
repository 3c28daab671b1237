export interface Result<T> {
  value: T;
  next: number;
}

export type Parser<T> = (text: string, at: number) => Result<T>;

export class NoMatch extends Error {
  constructor(readonly expected: string, readonly at: number) {
    super(`expected ${expected} at ${at}`);
  }
}

export function literal(word: string): Parser<string> {
  return (text, at) => {
    if (!text.startsWith(word, at)) throw new NoMatch(`"${word}"`, at);
    return { value: word, next: at + word.length };
  };
}

export function pattern(re: RegExp, name: string): Parser<string> {
  const sticky = new RegExp(re.source, 'y');
  return (text, at) => {
    sticky.lastIndex = at;
    const m = sticky.exec(text);
    if (!m) throw new NoMatch(name, at);
    return { value: m[0], next: at + m[0].length };
  };
}

export function map<A, B>(parser: Parser<A>, fn: (value: A) => B): Parser<B> {
  return (text, at) => {
    const r = parser(text, at);
    return { value: fn(r.value), next: r.next };
  };
}

export function sequence(...parsers: Parser<any>[]): Parser<any[]> {
  return (text, at) => {
    const value: any[] = [];
    for (const p of parsers) {
      const r = p(text, at);
      value.push(r.value);
      at = r.next;
    }
    return { value, next: at };
  };
}

export function choice<T>(...parsers: Parser<T>[]): Parser<T> {
  return (text, at) => {
    let last: NoMatch | undefined;
    for (const p of parsers) {
      try {
        return p(text, at);
      } catch (err) {
        if (!(err instanceof NoMatch)) throw err;
        last = err;
      }
    }
    throw last;
  };
}

export function optional<T>(parser: Parser<T>, fallback: T): Parser<T> {
  return choice(parser, (_text, at) => ({ value: fallback, next: at }));
}
