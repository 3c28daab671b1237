import { scriptLanguages as languages, type PatternRule } from '../pattern-rule';

/** Waiting, blocking, and what outlives its use. */
export const waitingRules: readonly PatternRule[] = [
  {
    id: 'await-in-loop',
    languages,
    gate: { minFunctionPct: 2, minIdlePct: 30 },
    words: ['await'],
    ast: { kind: 'await_expression', pattern: 'await $E' },
    where: [{ is: 'in-loop' }, { is: 'independent' }],
    title: 'One await after the other',
    message: 'Each turn of the loop waits for its own result before the next one begins.',
    why: 'n steps that wait t each take n·t. Steps that do not need each other can wait together and take about t.',
    fix: { advice: 'If the steps are independent, start them all and wait for them with Promise.all; where they are many, a few at a time.' },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'async function load(ids) {\n  const users = [];\n  for (const id of ids) {\n    users.push(await readUser(id));\n  }\n  return users;\n}',
      good: 'async function load(ids) {\n  return Promise.all(ids.map((id) => readUser(id)));\n}',
    },
  },
  {
    id: 'sync-in-handler',
    languages,
    gate: { minTotalPct: 2, under: 'request' },
    words: ['Sync('],
    ast: { any: [{ pattern: '$M($$$ARGS)' }] },
    where: [
      {
        is: 'text',
        capture: 'M',
        regex: String.raw`^(?:\w+\.)?(?:readFile|writeFile|appendFile|stat|lstat|access|exists|readdir|mkdir|rm|unlink|copyFile|exec|execFile|spawn|pbkdf2|scrypt|randomFill|generateKeyPair|gzip|gunzip|deflate|inflate|brotliCompress|brotliDecompress|hkdf)Sync$`,
      },
    ],
    // What zlib exports has frames of other names.
    frames: ['$M', 'syncBufferWrapper', 'zlibBufferSync'],
    title: 'Blocking call while a request is served',
    message: '`$M` blocks the event loop while a request is served.',
    why: 'Node.js serves all requests from one thread: while this call works or waits, no other request is served at all.',
    fix: { advice: 'Use the asynchronous form and await it, or do it once when the server starts and keep the result.' },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: "import fs from 'node:fs';\nexport function handler(request, response) {\n  const page = fs.readFileSync('./page.html', 'utf8');\n  response.end(page);\n}",
      good: "import fs from 'node:fs/promises';\nexport async function handler(request, response) {\n  const page = await fs.readFile('./page.html', 'utf8');\n  response.end(page);\n}",
    },
  },
  {
    id: 'exception-as-answer',
    languages,
    gate: { minTotalPct: 3 },
    frames: ['statSync', 'lstatSync', 'accessSync', 'readFileSync', 'openSync', 'captureLargerStackTrace', 'resolve'],
    words: ['Sync(', 'require.resolve'],
    ast: {
      kind: 'try_statement',
      has: {
        field: 'body',
        has: {
          stopBy: 'end',
          any: [
            { pattern: '$FS.statSync($P)' },
            { pattern: '$FS.lstatSync($P)' },
            { pattern: '$FS.accessSync($$$)' },
            { pattern: '$FS.openSync($$$)' },
            { pattern: 'statSync($P)' },
            { pattern: 'accessSync($$$)' },
            { pattern: 'require.resolve($$$)' },
          ],
        },
      },
    },
    where: [{ is: 'swallowed' }],
    title: 'Exception used as an answer',
    message: 'A call that throws is used to ask a question, and the exception is the answer “no”.',
    why: 'Making an error captures the stack and, in Node.js, builds its message: tens of times the cost of an answer without one.',
    fix: { advice: 'Ask without an exception: existsSync, statSync with { throwIfNoEntry: false }, or a list of the folder read once.' },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: "import fs from 'node:fs';\nexport function isFile(file) {\n  try {\n    return fs.statSync(file).isFile();\n  } catch {\n    return false;\n  }\n}",
      good: "import fs from 'node:fs';\nexport function isFile(file) {\n  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;\n}",
    },
  },
  {
    id: 'module-state-grows',
    languages,
    gate: { minTotalPct: 3 },
    words: ['.set(', '.push(', '.add(', ']'],
    ast: { any: [{ pattern: '$C.set($K, $V)' }, { pattern: '$C.push($$$V)' }, { pattern: '$C.add($V)' }, { pattern: '$C[$K] = $V' }] },
    where: [
      { is: 'outer', capture: 'C' },
      { is: 'only-grows', capture: 'C' },
    ],
    title: 'Module-level collection that only grows',
    message: '`$C` is added to here, and nothing in this file ever removes from it.',
    why: 'What a module-level collection holds lives as long as the process: memory grows with every new key, and garbage collection takes longer each time.',
    fix: {
      advice:
        'Set a limit and drop the oldest, delete entries when they are done with, or key a WeakMap by the object. If the keys are few and known, nothing needs to be done.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'const seen = new Map();\nexport function visit(url) {\n  seen.set(url, Date.now());\n}',
      good: 'const seen = new Map();\nexport function visit(url) {\n  seen.set(url, Date.now());\n  if (seen.size > 1000) seen.delete(seen.keys().next().value);\n}',
    },
  },
  {
    id: 'never-removed',
    languages,
    gate: { minTotalPct: 2 },
    frames: ['on', 'addListener', '_addListener', 'addEventListener', 'setInterval'],
    words: ['setInterval(', '.on(', '.addListener(', '.addEventListener('],
    ast: {
      any: [
        { pattern: 'setInterval($$$ARGS)' },
        { pattern: '$E.on($N, $F)' },
        { pattern: '$E.addListener($N, $F)' },
        { pattern: '$E.addEventListener($N, $F)' },
        { pattern: '$E.addEventListener($N, $F, $O)' },
      ],
    },
    where: [{ is: 'never-removed' }],
    title: 'Listener or timer that is never removed',
    message: 'Each call adds another listener or timer, and nothing in this file removes one.',
    why: 'Every listener runs at every event: after n calls an event costs O(n), and all that the listeners can see stays in memory.',
    fix: { advice: 'Add it once, at start, or remove it when its work is done: off, removeEventListener, { once: true }, an AbortSignal, clearInterval.' },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nexport function watch(state) {\n  bus.on('change', () => state.update());\n}",
      good: "import { EventEmitter } from 'node:events';\nconst bus = new EventEmitter();\nexport function watch(state) {\n  const update = () => state.update();\n  bus.on('change', update);\n  return () => bus.off('change', update);\n}",
    },
  },
];
