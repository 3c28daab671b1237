import * as v from 'valibot';
import { weighText } from '../json-weight';
import { err, ok, type Result } from '../result';

/** Why a text that was read is not what it was to be. */
export type JsonIssue =
  | { readonly kind: 'not-json'; readonly detail: string }
  /** `at`: the place in it, as `recipe.args[2]`; empty for the whole. `expected`: what was to stand there. */
  | { readonly kind: 'unfit'; readonly at: string; readonly expected: string };

/** Bytes of the heap that a text may need; beyond them the process could die of it, which cannot be caught. */
const MOST_HEAP = 2 ** 30;
/** Shorter texts cannot need so much: two characters are a list. */
const SMALL = MOST_HEAP / 56;

/**
 * The one door for JSON from outside: of a file, another process, a webview. Gives what the
 * schema takes, and never throws. `JSON.parse` and schemas take any depth; a schema looks no
 * deeper than it is itself.
 */
export function readJson<const S extends v.GenericSchema>(text: string, schema: S): Result<v.InferOutput<S>, JsonIssue> {
  if (text.length > SMALL && weighText(text).heap > MOST_HEAP) return err({ kind: 'unfit', at: '', expected: 'a smaller text' });
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (error) {
    return err({ kind: 'not-json', detail: error instanceof Error ? error.message : String(error) });
  }
  return checkValue(value, schema);
}

/** The same for what is a value already: a message, a setting, a saved state. */
export function checkValue<const S extends v.GenericSchema>(value: unknown, schema: S): Result<v.InferOutput<S>, JsonIssue> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return ok(result.output);
  const [issue] = result.issues;
  return err({ kind: 'unfit', at: placeOf(issue), expected: expectedOf(issue) });
}

/** What fits, or undefined: for what is passed over where it does not. */
export function fitting<const S extends v.GenericSchema>(value: unknown, schema: S): v.InferOutput<S> | undefined {
  const result = checkValue(value, schema);
  return result.ok ? result.value : undefined;
}

/** The same for a text. */
export function fittingJson<const S extends v.GenericSchema>(text: string, schema: S): v.InferOutput<S> | undefined {
  const result = readJson(text, schema);
  return result.ok ? result.value : undefined;
}

/** `recipe.args[2]` */
function placeOf({ path }: v.BaseIssue<unknown>): string {
  return (path ?? []).reduce((text, { key }) => (typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`), '');
}

/** Valibot names types by their TypeScript, a field that is not there by its name in quotes, and conditions by signs. */
function expectedOf({ expected, kind, type, message }: v.BaseIssue<unknown>): string {
  if (type === 'check') return message;
  if (type === 'object') return expected === 'Object' ? 'an object' : 'a value';
  if (type === 'finite' || type === 'safe_integer' || type === 'integer') return type === 'finite' ? 'a number' : 'a whole number';
  if (kind === 'validation') return expected === null || type === 'regex' ? 'a text of the right form' : `a number ${expected}`;
  const words: Readonly<Record<string, string>> = { Array: 'a list', string: 'a text', number: 'a number', boolean: 'true or false' };
  return words[expected ?? ''] ?? `${expected ?? type}`;
}
