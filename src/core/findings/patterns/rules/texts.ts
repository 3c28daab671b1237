import { scriptLanguages as languages, type PatternRule } from '../pattern-rule';

/** A template that joins two values and more, or a text that is put together with a separator. */
const JOINED = String.raw`^(?:\x60[^\x60$]*\$\{[^}]*\}[^\x60]*\$\{[^}]*\}[^\x60]*\x60|[\w.[\]]+ *\+ *['"\x60][^'"\x60]*['"\x60] *\+ *[\w.[\]]+(?: *\+.*)?)$`;

const LOOKUPS = ['$M.get($K)', '$M.has($K)', '$M.add($K)', '$M[$K]'].map((pattern) => ({ pattern }));

/** A variable `K` that holds a value, with a type or without. */
const declared = (value: string) => ({
  kind: 'variable_declarator',
  all: [{ has: { field: 'name', pattern: '$K' } }, { has: { field: 'value', pattern: value } }],
});
const SEARCHES = ['$B.includes($X)', '$B.indexOf($X)', '$B.some($G)', '$B.find($G)', '$B.findIndex($G)'].map((pattern) => ({ pattern }));

/** Texts that are made to look something up, or walked again from their start. */
export const textRules: readonly PatternRule[] = [
  {
    id: 'json-as-key',
    languages,
    gate: { minSelfPct: 10 },
    words: ['JSON.stringify('],
    ast: {
      any: [
        { pattern: '$M.get(JSON.stringify($X))' },
        { pattern: '$M.has(JSON.stringify($X))' },
        { pattern: '$M.add(JSON.stringify($X))' },
        { pattern: '$M[JSON.stringify($X)]' },
        { ...declared('JSON.stringify($X)'), inside: { stopBy: 'end', kind: 'statement_block', has: { stopBy: 'end', any: LOOKUPS } } },
      ],
    },
    where: [{ is: 'repeated' }],
    isOnePerFunction: true,
    supersedes: ['json-in-loop'],
    title: 'Value written as JSON to be a key',
    message: '`$X` is written as JSON each time that it is looked up.',
    why: 'Writing JSON walks the whole value and makes a text that is then hashed and compared: O(size) at each lookup, often more than what the lookup saves.',
    fix: {
      advice:
        'Use what identifies the value as the key: its id, or the object itself in a Map or WeakMap; for several plain arguments, a Map in a Map. A cache whose key costs as much as its answer can go.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: 'const known = new Map();\nfunction priceOf(order) {\n  const key = JSON.stringify(order);\n  const found = known.get(key);\n  if (found !== undefined) return found;\n  const price = order.lines.length * 3;\n  known.set(key, price);\n  return price;\n}',
      good: 'const known = new WeakMap();\nfunction priceOf(order) {\n  const found = known.get(order);\n  if (found !== undefined) return found;\n  const price = order.lines.length * 3;\n  known.set(order, price);\n  return price;\n}',
    },
  },
  {
    id: 'text-as-key',
    languages,
    gate: { minSelfPct: 15 },
    words: ['.has(', '.get(', '.add('],
    ast: {
      any: [
        { ...declared('$T'), inside: { stopBy: 'end', kind: 'statement_block', has: { stopBy: 'end', any: LOOKUPS } } },
        ...['$M.has($K)', '$M.get($K)', '$M.add($K)', '$M.set($K, $V)'].map((pattern) => ({
          pattern,
          inside: { stopBy: 'end', kind: 'statement_block', has: { stopBy: 'end', ...declared('$T') } },
        })),
        // Last: the first that fits is taken.
        { pattern: '$M.has($T)' },
        { pattern: '$M.get($T)' },
        { pattern: '$M.add($T)' },
        { pattern: '$M.set($T, $V)' },
      ],
    },
    where: [{ is: 'repeated' }, { is: 'text', capture: 'T', regex: JOINED }],
    isOnePerFunction: true,
    title: 'Keys joined to a text for each lookup',
    message: 'The key `$T` is made as a new text for each lookup.',
    why: 'Each new text is made, flattened and hashed before it can be compared: several times what a number takes as a key.',
    fix: {
      advice: 'Make one number of the parts (y * width + x) as the key, or as the index of a typed array where the range is known; else keep a Map in a Map.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: 'function wet(cells) {\n  const seen = new Set();\n  for (const cell of cells) {\n    const key = cell.x + "," + cell.y;\n    if (seen.has(key)) continue;\n    seen.add(key);\n  }\n  return seen.size;\n}',
      good: 'const WIDTH = 4096;\nfunction wet(cells) {\n  const seen = new Set();\n  for (const cell of cells) {\n    const key = cell.y * WIDTH + cell.x;\n    if (seen.has(key)) continue;\n    seen.add(key);\n  }\n  return seen.size;\n}',
    },
  },
  {
    id: 'text-from-start',
    languages,
    gate: { minSelfPct: 10 },
    words: ['.slice(0', '.substring(0', '.substr(0'],
    ast: {
      any: ['slice', 'substring', 'substr'].flatMap((cut) =>
        ['split($D)', 'match($D)', 'matchAll($D)', 'replace($D, $$$R)', 'replaceAll($D, $$$R)'].map((use) => ({ pattern: `$S.${cut}(0, $N).${use}` })),
      ),
    },
    where: [{ is: 'repeated' }, { is: 'text', capture: 'N', regex: String.raw`^(?!\d+$)` }],
    isOnePerFunction: true,
    title: 'Text walked from its start for each position',
    message: '`$S` is walked from its start to `$N` each time.',
    why: 'Each call is O(position), so asking for n positions of one text is O(n²).',
    fix: {
      advice: 'Work it out once for the text, as the offsets at which lines begin, and find a position by binary search; or go on from the position before.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: "function lineOf(source, offset) {\n  return source.slice(0, offset).split('\\n').length;\n}",
      good: "function lineStarts(source) {\n  const starts = [0];\n  for (let at = source.indexOf('\\n'); at >= 0; at = source.indexOf('\\n', at + 1)) starts.push(at + 1);\n  return starts;\n}\nfunction lineOf(starts, offset) {\n  let low = 0;\n  let high = starts.length;\n  while (low < high) {\n    const middle = (low + high) >> 1;\n    if (starts[middle] <= offset) low = middle + 1;\n    else high = middle;\n  }\n  return low;\n}",
    },
  },
  {
    id: 'duplicates-by-search',
    languages,
    gate: { minTotalPct: 10 },
    words: ['.findIndex(', '.indexOf('],
    ast: {
      pattern: '$A.filter($F)',
      has: { stopBy: 'end', any: [{ pattern: '$B.findIndex($G)' }, { pattern: '$B.indexOf($X)' }] },
    },
    where: [{ is: 'searches-first', capture: 'F' }],
    title: 'Duplicates found by searching the array for each element',
    message: '`$A` is searched from its start for each of its elements.',
    why: 'A search for each of n elements is O(n²). A Set of the keys that were seen answers in O(1) each.',
    fix: {
      advice:
        'Keep the first of each key in a Map or Set: new Set(values) for plain values, [...new Map(list.map((one) => [one.key, one])).values()] for objects (which keeps the last of each).',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'function unique(people) {\n  return people.filter((person, at, all) => all.findIndex((other) => other.email === person.email) === at);\n}',
      good: 'function unique(people) {\n  const seen = new Set();\n  return people.filter(({ email }) => {\n    if (seen.has(email)) return false;\n    seen.add(email);\n    return true;\n  });\n}',
    },
  },
  {
    id: 'searched-before-push',
    languages,
    gate: { minTotalPct: 10 },
    words: ['.includes(', '.indexOf(', '.some(', '.find(', '.findIndex('],
    ast: {
      kind: 'if_statement',
      all: [
        { has: { field: 'condition', has: { stopBy: 'end', any: SEARCHES } } },
        { has: { field: 'consequence', has: { stopBy: 'end', pattern: '$B.push($$$Y)' } } },
      ],
    },
    where: [{ is: 'in-loop' }],
    supersedes: ['includes-in-loop', 'find-in-loop'],
    title: 'Array searched before each element is added',
    message: '`$B` is searched from its start before each element is added to it.',
    why: 'A search for each of n elements is O(n²). A Set of what is there answers in O(1) each.',
    fix: {
      advice: 'Keep a Set of the values, or of the keys of the objects, beside the array, or in its place: a Set keeps the order in which elements were added.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'function tagsOf(posts) {\n  const tags = [];\n  for (const post of posts) if (!tags.includes(post.tag)) tags.push(post.tag);\n  return tags;\n}',
      good: 'function tagsOf(posts) {\n  const tags = new Set();\n  for (const post of posts) tags.add(post.tag);\n  return [...tags];\n}',
    },
  },
  {
    id: 'brotli-at-its-slowest',
    languages,
    gate: { minTotalPct: 10 },
    words: ['brotliCompress', 'createBrotliCompress('],
    ast: {
      any: [
        { pattern: 'brotliCompressSync($X)' },
        { pattern: '$Z.brotliCompressSync($X)' },
        { pattern: 'brotliCompress($X, $F)' },
        { pattern: '$Z.brotliCompress($X, $F)' },
        { pattern: 'createBrotliCompress()' },
        { pattern: '$Z.createBrotliCompress()' },
      ],
    },
    where: [{ is: 'repeated' }],
    frames: ['brotliCompressSync', 'syncBufferWrapper', 'zlibBufferSync'],
    supersedes: ['sync-in-handler'],
    title: 'Brotli at its slowest quality',
    message: '`$MATCH` compresses with the default quality 11, the slowest there is.',
    why: 'Quality 11 is meant for files that are compressed once: it takes some fifty times as long as quality 4, for a text that is about a tenth smaller.',
    fix: {
      advice:
        'Give { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } } for what is made for each answer, in the asynchronous form on a server; keep what is compressed if it is sent again.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: "import { brotliCompressSync } from 'node:zlib';\nexport function body(page) {\n  return brotliCompressSync(page);\n}",
      good: "import { brotliCompressSync, constants } from 'node:zlib';\nexport function body(page) {\n  return brotliCompressSync(page, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });\n}",
    },
  },
];
