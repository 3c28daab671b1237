import { databasePackages as packages } from '../facts/query-facts';
import { scriptLanguages as languages, type PatternRule } from '../pattern-rule';

const REQUEST = String.raw`(?:^|\.)(?:query|queryRaw|execute|executeSql|findOne|findOneBy|findUnique|findFirst|findById|findByPk|findByIdAndUpdate|fetch|request|axios|axios\.(?:get|post|put|delete|request)|got|aggregate|countDocuments|sendCommand)$`;

/** What is asked of databases and other programs, and how often. */
export const queryRules: readonly PatternRule[] = [
  {
    id: 'query-in-loop',
    languages,
    gate: { minTotalPct: 2, orPackagesPct: 15 },
    packages,
    words: ['await', 'Promise.all'],
    ast: { kind: 'call_expression', has: { field: 'function', pattern: '$Q' } },
    where: [{ is: 'in-loop' }, { is: 'awaited' }, { is: 'query', capture: 'match' }],
    frames: ['$Q'],
    supersedes: ['await-in-loop', 'request-in-loop'],
    title: 'Query in a loop (N + 1)',
    message: '`$MATCH` asks the database once for each turn of the loop.',
    why: 'n rows cost n round trips, each with its own statement, parsing and waiting. One query for all of them costs one.',
    fix: {
      advice:
        'Ask for all of them at once (whereIn, WHERE id IN …, a join, include or relations of an ORM, a DataLoader) and hand out the answers from a Map by id.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: "async function withAuthors(db, posts) {\n  for (const post of posts) {\n    post.author = await db.query('select * from users where id = $1', [post.userId]);\n  }\n}",
      good: "async function withAuthors(db, posts) {\n  const users = await db.query('select * from users where id = any($1)', [posts.map((post) => post.userId)]);\n  const byId = new Map(users.map((user) => [user.id, user]));\n  for (const post of posts) post.author = byId.get(post.userId);\n}",
    },
  },
  {
    id: 'request-in-loop',
    languages,
    gate: { minTotalPct: 2 },
    words: ['await'],
    ast: { any: [{ pattern: 'await $Q($$$ARGS)' }, { pattern: 'await $Q<$T>($$$ARGS)' }] },
    where: [{ is: 'in-loop' }, { is: 'independent' }, { is: 'text', capture: 'Q', regex: REQUEST }],
    frames: ['$Q'],
    supersedes: ['await-in-loop'],
    title: 'Request in a loop (N + 1)',
    message: '`$Q` is called once for each turn of the loop, and each turn waits for its own answer.',
    why: 'n turns cost n round trips, one after the other, each with its own request, parsing and waiting.',
    fix: {
      advice: 'Ask for all of them in one request where the other side can; else start them together with Promise.all, a few at a time where they are many.',
    },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: 'async function load(urls) {\n  const pages = [];\n  for (const url of urls) {\n    pages.push(await fetch(url));\n  }\n  return pages;\n}',
      good: 'async function load(urls) {\n  return Promise.all(urls.map((url) => fetch(url)));\n}',
    },
  },
  {
    id: 'fetched-to-filter',
    languages,
    gate: { minTotalPct: 5, orPackagesPct: 15 },
    packages,
    frames: ['$Q'],
    words: ['await'],
    ast: { any: [{ pattern: 'const $V = await $Q' }, { pattern: 'let $V = await $Q' }] },
    where: [
      { is: 'identifier', capture: 'V' },
      { is: 'unlimited-query', capture: 'Q' },
      { is: 'only-picked', capture: 'V' },
    ],
    title: 'Whole table fetched to pick from it',
    message: '`$Q` fetches every row, and `$V` is only searched or counted.',
    why: 'The database reads all rows, the driver makes an object of each, and all but a few are thrown away: O(table) each time. An index answers in O(log n).',
    fix: { advice: 'Ask for what is needed: a WHERE with an index, LIMIT 1 for one row, COUNT for a number.' },
    safety: 'manual',
    effect: 'growth',
    examples: {
      bad: "async function byEmail(db, email) {\n  const users = await db.query('select * from users');\n  return users.find((user) => user.email === email);\n}",
      good: "async function byEmail(db, email) {\n  const users = await db.query('select * from users where email = ? limit 1', [email]);\n  return users[0];\n}",
    },
  },
  {
    id: 'awaits-in-a-row',
    languages,
    gate: { minFunctionPct: 1, minIdlePct: 30 },
    words: ['await'],
    ast: { kind: 'lexical_declaration', has: { kind: 'variable_declarator', has: { field: 'value', kind: 'await_expression' } } },
    where: [{ is: 'awaits-in-a-row' }],
    title: 'Independent awaits one after the other',
    message: '`$MATCH` is waited for before the next one begins, which takes nothing from it.',
    why: 'Waits one after the other add up; together they take as long as the longest.',
    fix: {
      advice:
        'Start them together: const [a, b] = await Promise.all([getA(), getB()]). Queries on one database connection still go one by one: take them from a pool.',
      title: 'Wait for them together',
      plan: { kind: 'together' },
    },
    safety: 'suggest',
    effect: 'growth',
    examples: {
      bad: 'async function dashboard(id) {\n  const user = await readUser(id);\n  const orders = await readUser(id + 1);\n  return { user, orders };\n}',
      good: 'async function dashboard(id) {\n  const [user, orders] = await Promise.all([readUser(id), readUser(id + 1)]);\n  return { user, orders };\n}',
    },
  },
];
