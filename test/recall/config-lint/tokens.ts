export interface Token {
  kind: 'section' | 'key' | 'value' | 'blanks';
  start: number;
  text: string;
}

const TOKEN = /\[([\w.]+)\]|^(\w+)(?=\s*=)|"([^"]*)"|([ \t]+)$/gm;

export function* tokenize(source: string): Generator<Token> {
  for (const match of source.matchAll(TOKEN)) {
    const start = match.index ?? 0;
    if (match[1] !== undefined) yield { kind: 'section', start, text: match[1] };
    else if (match[2] !== undefined) yield { kind: 'key', start, text: match[2] };
    else if (match[3] !== undefined) yield { kind: 'value', start, text: match[3] };
    else yield { kind: 'blanks', start, text: match[4] };
  }
}
