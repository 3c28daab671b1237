const KINDS = [
  ['space', /\s+/],
  ['keyword', /\b(?:select|from|where|and|or|order|by|limit|as|in)\b/i],
  ['number', /\d+(?:\.\d+)?/],
  ['string', /'[^']*'/],
  ['name', /[a-z_][a-z0-9_.]*/i],
  ['compare', /<=|>=|<>|=|<|>/],
  ['mark', /[(),;*+-]/],
];

export class Lexer {
  rest = '';
  line = 1;

  constructor(text) {
    this.rest = text;
  }

  next() {
    for (const [kind, pattern] of KINDS) {
      const match = pattern.exec(this.rest);
      if (match === null || match.index !== 0) continue;
      const text = match[0];
      this.rest = this.rest.slice(text.length);
      for (const sign of text) if (sign === '\n') this.line += 1;
      return { kind, text, line: this.line };
    }
    throw new SyntaxError(`line ${this.line}: ${this.rest.slice(0, 20)}`);
  }

  *[Symbol.iterator]() {
    while (this.rest !== '') {
      const token = this.next();
      if (token.kind !== 'space') yield token;
    }
  }
}
