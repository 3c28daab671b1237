import { scriptLanguages as languages, type PatternRule } from '../pattern-rule';

/** Whole lists, buffers and files that are worked through for one part of them. */
export const wholeRules: readonly PatternRule[] = [
  {
    id: 'searched-in-comparison',
    languages,
    gate: { minTotalPct: 10 },
    words: ['.indexOf(', '.findIndex(', '.find(', '.includes('],
    ast: { any: [{ pattern: '$A.indexOf($X)' }, { pattern: '$A.findIndex($F)' }, { pattern: '$A.find($F)' }, { pattern: '$A.includes($X)' }] },
    where: [{ is: 'in-comparison' }, { is: 'not-few', capture: 'A' }, { is: 'not-string', capture: 'A' }],
    isOnePerFunction: true,
    supersedes: ['work-in-comparison', 'find-by-key', 'find-in-loop', 'includes-in-loop'],
    title: 'Array searched in each comparison of a sort',
    message: '`$A` is searched from its start in each comparison of a sort.',
    why: 'Sorting n elements compares O(n log n) times, and a search in m elements is O(m) each time: O(m·n log n). A Map of positions answers in O(1).',
    fix: { advice: 'Put the positions into a Map once, before the sort (new Map(order.map((id, at) => [id, at]))), and compare what it gives.' },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'function arranged(cards, order) {\n  return [...cards].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));\n}',
      good: 'function arranged(cards, order) {\n  const positions = new Map(order.map((id, at) => [id, at]));\n  return [...cards].sort((a, b) => positions.get(a.id) - positions.get(b.id));\n}',
    },
  },
  {
    id: 'filtered-by-key',
    languages,
    gate: { minTotalPct: 25 },
    words: ['.filter('],
    ast: { pattern: '$A.filter($F)' },
    where: [
      { is: 'repeated' },
      { is: 'not-few', capture: 'A' },
      { is: 'keyed', capture: 'F' },
      { is: 'text', capture: 'F', regex: String.raw`^(?![\s\S]*===\s*(?:['"\x60\d]|true\b|false\b|null\b|undefined\b))` },
    ],
    isOnePerFunction: true,
    title: 'Whole array filtered for one key',
    message: 'All of `$A` is gone through to pick those of one key.',
    why: 'A filter of m elements for each of n keys is O(n·m). Groups that are made once are O(n + m).',
    fix: { advice: 'Group the elements by the key once (a Map of arrays, or Object.groupBy), where the array is made, and get the group from it.' },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'function invoice(member, bookings) {\n  const own = bookings.filter((booking) => booking.member === member.id);\n  return own.length * member.fee;\n}',
      good: 'function invoice(member, bookingsByMember) {\n  const own = bookingsByMember.get(member.id) ?? [];\n  return own.length * member.fee;\n}',
    },
  },
  {
    id: 'rest-copied',
    languages,
    gate: { minSelfPct: 10 },
    words: ['.slice('],
    ast: { any: [{ pattern: '$B = $B.slice($N)' }, { pattern: '$B = Buffer.from($B.subarray($N))' }, { pattern: '$B = [...$B.slice($N)]' }] },
    where: [{ is: 'repeated' }, { is: 'text', capture: 'N', regex: '^[^-]' }],
    isOnePerFunction: true,
    title: 'Rest copied for each part that is read',
    message: 'All of `$B` that is left is copied each time that its beginning is taken.',
    why: 'Each copy is O(rest), so reading n elements one after another is O(n²). An index is O(1) each.',
    fix: {
      advice:
        'Keep the index of what comes next and read from there; subarray gives a view of bytes without a copy. Cut off what was read now and then, if memory matters.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'class Reader {\n  pending = new Uint8Array(1000);\n  next() {\n    const byte = this.pending[0];\n    this.pending = this.pending.slice(1);\n    return byte;\n  }\n}',
      good: 'class Reader {\n  pending = new Uint8Array(1000);\n  at = 0;\n  next() {\n    return this.pending[this.at++];\n  }\n}',
    },
  },
  {
    id: 'json-compared',
    languages,
    gate: { minSelfPct: 10 },
    words: ['JSON.stringify('],
    ast: {
      any: ['===', '!==', '==', '!='].map((sign) => ({ pattern: `JSON.stringify($X) ${sign} JSON.stringify($Y)` })),
    },
    where: [{ is: 'repeated' }],
    isOnePerFunction: true,
    title: 'Values compared as JSON',
    message: '`$X` is written as JSON to compare it, each time.',
    why: 'Both values are walked whole and made into texts, even where their first fields differ; for each pair of two lists that is O(n·m·size).',
    fix: {
      advice:
        'Compare the fields that can differ, the cheapest first, or a version or id. To look for one value among many, find it by its key in a Map, or write each text once and keep the texts in a Set.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: 'function same(a, b) {\n  return JSON.stringify(a) === JSON.stringify(b);\n}',
      good: 'function same(a, b) {\n  return a.sku === b.sku && a.price === b.price && a.stock === b.stock;\n}',
    },
  },
  {
    id: 'file-rewritten',
    languages,
    gate: { minTotalPct: 15 },
    words: ['writeFile', 'writeJson', 'outputJson'],
    ast: {
      any: [
        { pattern: '$W($FILE, JSON.stringify($X))' },
        { pattern: '$W($FILE, JSON.stringify($X, $$$R))' },
        { pattern: '$W($FILE, JSON.stringify($X), $$$O)' },
        { pattern: '$W($FILE, JSON.stringify($X, $$$R), $$$O)' },
      ],
    },
    where: [{ is: 'repeated' }, { is: 'text', capture: 'W', regex: String.raw`(?:^|\.)(?:writeFile|writeFileSync)$` }, { is: 'kept', capture: 'X' }],
    frames: ['$W', 'writeFileSync', 'open', 'openSync', 'writeSync', 'writeString', 'writeBuffer'],
    isOnePerFunction: true,
    supersedes: ['sync-in-handler', 'json-in-loop'],
    title: 'All data written to a file for each change',
    message: 'All of `$X` is written as JSON to its file each time.',
    why: 'Each write costs the size of all that is kept, so adding n records is O(n²).',
    fix: {
      advice:
        'Write once after many changes (a timer of some hundred milliseconds, and at the end), append a line for each record, or keep the data in a database such as SQLite.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: "import { writeFileSync } from 'node:fs';\nclass Store {\n  notes = [];\n  add(note) {\n    this.notes.push(note);\n    this.save();\n  }\n  save() {\n    writeFileSync('notes.json', JSON.stringify(this.notes));\n  }\n}",
      good: "import { appendFileSync } from 'node:fs';\nclass Store {\n  notes = [];\n  add(note) {\n    this.notes.push(note);\n    appendFileSync('notes.jsonl', JSON.stringify(note) + '\\n');\n  }\n}",
    },
  },
  {
    id: 'compiled-often',
    languages,
    gate: { minTotalPct: 15 },
    words: ['compile', 'render', 'template(', 'evaluate(', 'new Function(', 'createPublicKey', 'createPrivateKey', 'buildSchema('],
    ast: { any: [{ pattern: '$F($$$X)' }, { pattern: 'new $F($$$X)' }] },
    frames: ['$F'],
    where: [
      { is: 'repeated' },
      {
        is: 'text',
        capture: 'F',
        regex: String.raw`^(?:(?:pug|ejs|eta|swig|jade|dust)\.(?:compile|compileFile|render|renderFile)|(?:Handlebars|handlebars|hbs|Hogan|doT|dot)\.(?:compile|precompile|template)|(?:_|lodash)\.template|math\w*\.(?:evaluate|parse|compile)|(?:crypto\.)?create(?:Public|Private)Key|(?:graphql\.)?buildSchema|Function|vm\.(?:Script|compileFunction|runInNewContext|runInThisContext))$`,
      },
      { is: 'text', capture: 'match', regex: String.raw`^(?![\s\S]*\bcache\s*:\s*true)` },
    ],
    isOnePerFunction: true,
    title: 'Text compiled each time it is used',
    message: '`$MATCH` parses and compiles its text each time.',
    why: 'Parsing and compiling a template, a formula, a schema or a key costs ten to a thousand times what using the finished one does.',
    fix: {
      advice: 'Compile it once, at the top of the module or when it is first needed, keep what that gives (by its text or path in a Map), and call that.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: "import _ from 'lodash';\nfunction greeting(user) {\n  return _.template('Hello <%= name %>!')(user);\n}",
      good: "import _ from 'lodash';\nconst hello = _.template('Hello <%= name %>!');\nfunction greeting(user) {\n  return hello(user);\n}",
    },
  },
  {
    id: 'formatter-by-arguments',
    languages,
    gate: { minSelfPct: 15 },
    words: ['Intl.'],
    // Where it is built only if it is missing, it is kept.
    ast: {
      any: [{ pattern: 'new Intl.$T($$$ARGS)' }, { pattern: 'Intl.$T($$$ARGS)' }],
      not: {
        inside: {
          stopBy: 'end',
          any: [{ kind: 'if_statement' }, { kind: 'ternary_expression' }, { kind: 'binary_expression' }, { kind: 'augmented_assignment_expression' }],
        },
      },
    },
    where: [
      { is: 'repeated' },
      { is: 'text', capture: 'T', regex: '^(?:NumberFormat|DateTimeFormat|Collator|PluralRules|RelativeTimeFormat|ListFormat|Segmenter|DisplayNames)$' },
    ],
    isOnePerFunction: true,
    title: 'Formatter built for each value',
    message: '`Intl.$T` is built each time, though few different arguments are likely.',
    why: 'Building one resolves the language and loads its data: thousands of times the cost of formatting one value with it.',
    fix: { advice: 'Keep one formatter for each language, time zone or currency in a Map, and take it from there.' },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: "function local(instant, timeZone) {\n  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric' }).format(instant);\n}",
      good: "const formats = new Map();\nfunction formatOf(timeZone) {\n  let format = formats.get(timeZone);\n  if (!format) formats.set(timeZone, (format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric' })));\n  return format;\n}\nfunction local(instant, timeZone) {\n  return formatOf(timeZone).format(instant);\n}",
    },
  },
];
