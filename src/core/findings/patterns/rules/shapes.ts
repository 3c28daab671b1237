import { scriptLanguages as languages, type PatternRule } from '../pattern-rule';

/** What takes objects and arrays out of V8's fast forms. */
export const shapeRules: readonly PatternRule[] = [
  {
    id: 'sparse-array',
    languages,
    gate: { minSelfPct: 10 },
    words: ['] ='],
    ast: { kind: 'assignment_expression', pattern: '$A[$I] = $V' },
    where: [{ is: 'sparse' }],
    isOnePerFunction: true,
    title: 'Array with more gaps than elements',
    message: '`$MATCH` leaves so much of `$A` empty that V8 keeps it as a table.',
    why: 'An array whose elements lie far apart becomes a hash table of numbers: each access looks the number up, and a walk by index or by forEach goes over all that is not there. A list that is filled from its front is several times faster, a Map walks only what it has.',
    fix: {
      advice: 'Keep what has numbers far apart in a Map, and lists without gaps: filled from the front with push, or as a typed array where all are numbers.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: 'function byOffset(blocks) {\n  const found = [];\n  for (let i = 0; i < blocks.length; i++) found[i * 4096] = blocks[i];\n  return found;\n}',
      good: 'function byOffset(blocks) {\n  const found = new Map();\n  for (let i = 0; i < blocks.length; i++) found.set(i * 4096, blocks[i]);\n  return found;\n}',
    },
  },
  {
    id: 'shapes-by-condition',
    languages,
    gate: { minSelfPct: 10 },
    words: ['...('],
    ast: { kind: 'object' },
    where: [{ is: 'repeated' }, { is: 'many-shapes' }],
    isOnePerFunction: true,
    title: 'Objects of many shapes',
    message: 'Each of these conditions decides whether the object has a property, so that what is made here has eight shapes or more.',
    why: 'Each part that is spread is an object of its own that is copied. And where objects of more than four shapes come to one place, V8 looks each property up instead of reading it from where it was: several times slower, here and wherever they are read.',
    fix: {
      advice: 'Name all properties in one literal, with undefined where there is none: JSON leaves those out. Where the names themselves vary, use a Map.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: 'function card(user) {\n  return {\n    id: user.id,\n    ...(user.name && { name: user.name }),\n    ...(user.mail && { mail: user.mail }),\n    ...(user.age && { age: user.age }),\n  };\n}',
      good: 'function card(user) {\n  return {\n    id: user.id,\n    name: user.name || undefined,\n    mail: user.mail || undefined,\n    age: user.age || undefined,\n  };\n}',
    },
  },
];
