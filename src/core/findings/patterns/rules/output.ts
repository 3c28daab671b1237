import { scriptLanguages as languages, type PatternRule } from '../pattern-rule';

/** Output that nobody waits for, and what is made for it. */
export const outputRules: readonly PatternRule[] = [
  {
    id: 'console-in-hot-code',
    languages,
    gate: { minTotalPct: 10 },
    frames: ['consoleCall', 'log', 'info', 'debug', 'warn', 'error', 'dir', 'table', 'trace'],
    words: ['console.'],
    ast: { pattern: 'console.$M($$$ARGS)' },
    where: [{ is: 'repeated' }, { is: 'text', capture: 'M', regex: '^(?:log|info|debug|warn|error|dir|table|trace)$' }],
    isOnePerFunction: true,
    title: 'Console output in hot code',
    message: '`console.$M` formats its arguments and writes them each time.',
    why: 'Objects are walked and coloured, and to files and terminals Node.js writes at once: each call waits for the system.',
    fix: {
      advice:
        'Leave it out of the loop, or say one line for many items. For logs that must stay, use a logger that writes in the background and check its level first.',
    },
    safety: 'manual',
    effect: 'factor',
    examples: {
      bad: 'function total(items) {\n  let sum = 0;\n  for (const item of items) {\n    console.log(`item`, item);\n    sum += item.price;\n  }\n  return sum;\n}',
      good: 'function total(items) {\n  let sum = 0;\n  for (const item of items) sum += item.price;\n  return sum;\n}',
    },
  },
  {
    id: 'log-text-built',
    languages,
    gate: { minTotalPct: 5 },
    frames: ['stringify', 'inspect'],
    words: ['debug', 'trace', 'verbose', 'silly'],
    ast: {
      any: [
        ...['debug', 'trace', 'verbose', 'silly'].map((method): object => ({ pattern: `$L.${method}($$$ARGS)` })),
        { pattern: 'debug($$$ARGS)' },
        { pattern: 'trace($$$ARGS)' },
      ],
      has: {
        stopBy: 'end',
        any: [
          { pattern: 'JSON.stringify($$$)' },
          { pattern: '$U.inspect($$$)' },
          { pattern: 'inspect($$$)' },
          { pattern: '$E.map($$$)' },
          { pattern: 'structuredClone($$$)' },
          { pattern: '$E.join($$$)' },
          { pattern: '$E.toString()' },
        ],
      },
    },
    where: [{ is: 'repeated' }, { is: 'unguarded' }, { is: 'text', capture: 'match', regex: '^(?!console\\.)' }],
    isOnePerFunction: true,
    supersedes: ['json-in-loop'],
    title: 'Text made for a log that may be off',
    message: 'The text for `$MATCH` is made before anybody asks whether that level is on.',
    why: 'Arguments are worked out before the call: what the logger throws away has been walked, written as text and put together.',
    fix: {
      advice:
        'Ask for the level first (if (logger.isLevelEnabled("debug")) …), or pass the objects themselves, or a function, to a logger that formats only what it writes.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'function apply(doc, patch, logger) {\n  logger.debug(JSON.stringify(doc));\n  doc[patch.key] = patch.value;\n}',
      good: 'function apply(doc, patch, logger) {\n  if (logger.isDebugEnabled) logger.debug(JSON.stringify(doc));\n  doc[patch.key] = patch.value;\n}',
    },
  },
];
