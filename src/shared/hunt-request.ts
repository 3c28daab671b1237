import type { Exercise } from './hunt';

/** An HTTP request that a hunt sends again and again. */
export type RequestExercise = Extract<Exercise, { kind: 'requests' }>;

/** One header, as it is sent. */
export type Header = readonly [name: string, value: string];

/**
 * `GET http://127.0.0.1:8080/`, `http://…`, `POST http://… {"id":1}`: a method, an address and what is sent, which
 * may have several lines. Undefined for what is none; whether the address is one, the caller looks.
 */
export function parseRequest(text: string, headers: readonly Header[] = []): RequestExercise | undefined {
  const match = /^(?:([A-Z]+)\s+)?(https?:\/\/\S+)(?:\s+(.+))?$/s.exec(text.trim());
  const [, method, url, body] = match ?? [];
  if (url === undefined) return undefined;
  return { kind: 'requests', method: method ?? (body === undefined ? 'GET' : 'POST'), url, body, ...(headers.length > 0 ? { headers } : {}) };
}

/** `name: value`, as HTTP writes it (RFC 9110, 5.1 and 5.5). Undefined for what no server takes. */
export function parseHeader(text: string): Header | undefined {
  const match = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/.exec(text.trim());
  const [, name, value] = match ?? [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what may not be in one
  return name === undefined || value === undefined || /[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value) ? undefined : [name, value];
}

/** The headers that a request is sent with: those that were given, and the type of its body where none says it. */
export function requestHeaders({ headers = [], body }: RequestExercise): Record<string, string | string[]> {
  const sent: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    sent[key] = [...(sent[key] ?? []), value];
  }
  const type = body === undefined || sent['content-type'] ? undefined : contentType(body);
  const one = Object.entries(sent).map(([name, values]): [string, string | string[]] => [name, values.length === 1 ? (values[0] as string) : values]);
  return Object.fromEntries(type === undefined ? one : [...one, ['content-type', type]]);
}

/** What a body is, by its looks: servers pass one without a type over. */
function contentType(body: string): string {
  if (isJson(body)) return 'application/json';
  // As a form is sent: pairs without blanks.
  if (/^[\w.~%+*[\]-]+=[^\s&]*(?:&[\w.~%+*[\]-]+=[^\s&]*)*$/.test(body)) return 'application/x-www-form-urlencoded';
  return /^\s*<[?!a-z]/i.test(body) ? 'application/xml' : 'text/plain;charset=UTF-8';
}

function isJson(body: string): boolean {
  if (!/^\s*[[{"]/.test(body)) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
