/** The case of a seed: which kind, what is changed in it, and what is asked. Nothing but the seed decides. */
import { generator, mutator } from '../../support/mutate';
import { hostileTexts, hostileValues, WORK } from './hostile';
import type { Ask, Kind } from './kind';
import { kinds, unpacked } from './kinds';
import { mutateJson } from './mutate-json';
import { mutatePprof } from './mutate-pprof';
import { mutateText } from './mutate-text';
import { choosePacking, type Packing, pack } from './pack';
import type { Below } from './pick';

export interface Case {
  readonly seed: number;
  readonly kind: Kind;
  /** Of bytes, or of structure. */
  readonly change: 'bytes' | 'structure';
  readonly packing: Packing;
  /** What the target holds. */
  readonly bytes: Uint8Array;
  readonly ask: Ask;
}

const pieces = ['"', '\\', '{', '}', '[', ']', ',', ':', '\0', ';', '\n', '\u001b[0m', '\ufeff', '"__proto__":', '(', ')', '---\n', '\u00ff', ...hostileTexts];
const byteMutators = new Map<string, (below: Below) => Buffer>();

function mutateBytes({ name }: Kind, bytes: Uint8Array): (below: Below) => Buffer {
  const known = byteMutators.get(name) ?? mutator(bytes, { pieces, numbers: hostileValues, number: /\d+/g });
  byteMutators.set(name, known);
  return known;
}

function changed(kind: Kind, bytes: Uint8Array, isStructure: boolean, below: Below): Uint8Array {
  if (!isStructure || kind.shape === 'bytes') return mutateBytes(kind, bytes)(below);
  if (kind.shape === 'pprof') return mutatePprof(bytes, below);
  const text = new TextDecoder().decode(bytes);
  return Buffer.from((kind.shape === 'json' ? mutateJson : mutateText)(text, below));
}

/** The text with the folder's path in the place of its name. */
export function placed(content: string | Uint8Array, work: string): Uint8Array {
  const bytes = Buffer.from(content);
  return bytes.includes(WORK) ? Buffer.from(bytes.toString('latin1').replaceAll(WORK, Buffer.from(work).toString('latin1')), 'latin1') : bytes;
}

const turns = kinds.flatMap((kind) => Array<Kind>(kind.weight).fill(kind));

/** Kinds take turns. */
export const kindOf = (seed: number): Kind => turns[(seed * 7919) % turns.length] as Kind;

/** `work` is the folder of the case. */
export function makeCase(seed: number, work: string): Case {
  const below = generator(seed);
  const kind = kindOf(seed);
  const whole = Buffer.from(kind.files[kind.target] as string | Uint8Array);
  const isStructure = kind.shape !== 'bytes' && below(4) > 0;
  const packing = kind.isPackable ? choosePacking(below) : 'plain';
  const bytes = pack(placed(changed(kind, unpacked(whole), isStructure, below), work), packing, below);
  const ask = kind.ask(below);
  const args = ask.args.map((arg) => arg.replaceAll(WORK, work));
  return { seed, kind, change: isStructure ? 'structure' : 'bytes', packing, bytes, ask: { ...ask, args } };
}

/** For tests: a case that is not changed. */
export function wholeCase(kind: Kind, work: string, seed = 1): Case {
  const below = generator(seed);
  const ask = kind.ask(below);
  const args = ask.args.map((arg) => arg.replaceAll(WORK, work));
  return { seed, kind, change: 'structure', packing: 'plain', bytes: placed(kind.files[kind.target] as string | Uint8Array, work), ask: { ...ask, args } };
}
