/**
 * Which calls ask a database, as far as their names and the file's imports tell: knex, Prisma,
 * TypeORM, drizzle, sequelize, mongoose and mongodb, pg, mysql2 and sqlite.
 *
 *   db('users').where({ id }).first()     prisma.user.findMany()     pool.query('select …')
 *   repository.findOneBy({ id })          User.findByPk(id)          db.select().from(users)
 */
import { packageOf } from '../imports';
import { isFunction, loopsAround, namedArguments, nodesWithin, ownerOf, resultOf, rootOf, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf } from '../values';

/** Packages that ask databases; what they take counts for the calls that asked. */
export const databasePackages: readonly string[] =
  'knex pg pg-pool pg-protocol postgres mysql mysql2 better-sqlite3 sqlite3 sqlite node-sqlite3-wasm @prisma/client @prisma/engines @prisma/adapter-pg typeorm drizzle-orm sequelize mongodb mongoose bson objection kysely @mikro-orm/core mikro-orm tarn bookshelf waterline ioredis redis @redis/client'.split(
    ' ',
  );
const isDatabasePackage = new Set(databasePackages);

const NAMES =
  /^(?:db|database|knex|trx|tx|conn|connection|pool|prisma|sequelize|orm|em|entityManager|dataSource|sqlite|mongo|\w*(?:Repo|Repository|Collection|Db|Pool|Knex|Prisma)|repo|repository|collection)$/;
const METHODS =
  /^(?:\$?query(?:Raw|RawUnsafe)?|\$?execute(?:Raw|Sql)?|select|first|insert|update|del|delete|where|whereIn|from|into|table|raw|findOne(?:By|OrFail|ByOrFail)?|findUnique(?:OrThrow)?|findFirst(?:OrThrow)?|findMany|findById(?:AndUpdate|AndDelete)?|findByPk|findAll|find|findBy|findOrCreate|findAndCount(?:All|By)?|count|countBy|countDocuments|aggregate|groupBy|create|createMany|save|upsert|updateOne|updateMany|insertOne|insertMany|replaceOne|deleteOne|deleteMany|bulkWrite|getOne|getMany|getRawMany|getRawOne|getCount|toArray|all|get|run)$/;
/** Of a model, a class by its first letter, only what nothing else has. */
const MODEL_METHODS =
  /^(?:findOne|findByPk|findById|findAll|findOrCreate|findAndCountAll|countDocuments|updateOne|updateMany|deleteOne|deleteMany|aggregate|find|findBy|findOneBy|count)$/;
const OTHERS =
  /^(?:transaction|\$transaction|begin|commit|rollback|release|connect|\$connect|disconnect|\$disconnect|destroy|close|end|on|once|migrate|sync|authenticate|session|startSession)$/;
const NARROWS =
  /^(?:\w*[wW]here\w*|limit|take|first|offset|skip|having|find(?:One|First|Unique|By)\w*|count\w*|getOne|getRawOne|getCount|sum|avg|max|min|insert|update|del|delete|values|\w*[jJ]oin|groupBy)$/;

interface Chain {
  readonly root: SyntaxNode;
  /** Names on the way from the root, methods and properties, with the arguments of those that are called. */
  readonly steps: readonly { readonly name: string; readonly call: SyntaxNode | undefined }[];
  /** The root itself is called: `db('users')`. */
  readonly rootCall: SyntaxNode | undefined;
}

function chainOf(expression: SyntaxNode): Chain | undefined {
  const steps: { name: string; call: SyntaxNode | undefined }[] = [];
  let call: SyntaxNode | undefined;
  let at: SyntaxNode | null = unwrapped(expression);
  while (at) {
    if (at.type === 'call_expression') {
      call = at;
      at = at.childForFieldName('function');
    } else if (at.type === 'member_expression') {
      steps.unshift({ name: at.childForFieldName('property')?.text ?? '', call });
      call = undefined;
      at = at.childForFieldName('object');
    } else if (at.type === 'parenthesized_expression' || at.type === 'non_null_expression' || at.type === 'await_expression') at = at.namedChildren[0] ?? null;
    else return at.type === 'identifier' || at.type === 'this' ? { root: at, steps, rootCall: call } : undefined;
  }
  return undefined;
}

/** Whether an expression is a query of a database, or calls a function of this file that awaits one. */
export const isQuery = (expression: SyntaxNode): boolean => asks(expression) || (isFunction(ownerOf(expression)) && isQueryHelper(expression));

function asks(expression: SyntaxNode): boolean {
  const chain = chainOf(expression);
  const last = chain?.steps.at(-1);
  if (!chain || (last === undefined && !chain.rootCall)) return false;
  if (last && (OTHERS.test(last.name) || !last.call)) return false;
  const methods = chain.steps.filter(({ call }) => call).map(({ name }) => name);
  if (isDatabase(chain)) return (chain.rootCall !== undefined && namedArguments(chain.rootCall).length > 0) || methods.some((name) => METHODS.test(name));
  return (
    /^[A-Z]/.test(chain.root.text) &&
    !/^(?:Object|Array|Promise|Map|Set|JSON|Math|Number|String|Date|Intl|Reflect|Symbol|Buffer)$/.test(chain.root.text) &&
    MODEL_METHODS.test(methods[0] ?? '')
  );
}

function isDatabase({ root, steps }: Chain): boolean {
  if (NAMES.test(root.text)) return true;
  const from = packageOf(root);
  if (from !== undefined && isDatabasePackage.has(from)) return true;
  // `this.db.…`, `ctx.prisma.…`, `app.locals.pool.…`
  return steps.some(({ name, call }) => !call && NAMES.test(name));
}

/** `await authorOf(post)`, where the file's `authorOf` awaits a query. */
function isQueryHelper(expression: SyntaxNode): boolean {
  const call = unwrapped(expression);
  const callee = call.type === 'call_expression' ? call.childForFieldName('function') : null;
  if (callee?.type !== 'identifier') return false;
  const declaration = declarationOf(callee)?.node;
  const fn = declaration && (isFunction(declaration) ? declaration : declaration.childForFieldName('value'));
  if (!fn || !isFunction(fn)) return false;
  const result = resultOf(fn);
  if (result && asks(result)) return true;
  for (const node of nodesWithin(fn))
    if (node.type === 'await_expression' && node.namedChildren[0] && asks(node.namedChildren[0]) && loopsAround(node).length === 0) return true;
  return false;
}

/** Whether a query has no condition and no limit: it gives every row. */
export function isUnlimited(expression: SyntaxNode): boolean {
  const chain = chainOf(expression);
  if (!chain || !asks(expression)) return false;
  if (chain.steps.some(({ name, call }) => call && NARROWS.test(name))) return false;
  const calls = [...chain.steps.map(({ call }) => call), chain.rootCall].filter((call) => call !== undefined);
  const texts = calls.flatMap((call) => namedArguments(call)).map(({ text }) => text);
  const sql = texts.find((text) => /^['"`]\s*(?:select|with|insert|update|delete|call)\b/i.test(text));
  if (sql !== undefined) return /^['"`]\s*select\b/i.test(sql) && !/\b(?:where|limit|count|sum|max|min|avg|join|group|top|fetch)\b/i.test(sql);
  const methods = chain.steps.filter(({ call }) => call).map(({ name }) => name);
  // A filter may be what it is given.
  const isPlain = !texts.some((text) => /\b(?:where|take|limit|first|filter|cursor|\$match)\b/.test(text));
  if (methods.some((name) => name === 'find'))
    return chain.steps.every(({ name, call }) => name !== 'find' || !call || namedArguments(call).every(({ text }) => /^\{\s*\}$/.test(text)));
  return (
    isPlain &&
    (methods.some((name) => /^(?:select|from|findMany|findAll|getMany|all|toArray)$/.test(name)) || (chain.rootCall !== undefined && methods.length === 0))
  );
}

/** Whether all that happens to a variable's array is that a part of it is picked or counted. */
export function isOnlyPicked(name: SyntaxNode): boolean {
  const declaration = declarationOf(name);
  if (!declaration) return false;
  let uses = 0;
  for (const node of nodesWithin(declaration.scope.type === 'program' ? rootOf(name) : declaration.scope)) {
    const isName = (node.type === 'identifier' || node.type === 'shorthand_property_identifier') && node.text === name.text && node.id !== name.id;
    if (!isName) continue;
    if (node.startIndex >= declaration.node.startIndex && node.endIndex <= declaration.node.endIndex) continue;
    const { parent } = node;
    if (parent?.type !== 'member_expression' || parent.childForFieldName('object')?.id !== node.id) return false;
    if (!/^(?:filter|find|findIndex|some|every|length|includes|reduce|at|slice)$/.test(parent.childForFieldName('property')?.text ?? '')) return false;
    uses++;
  }
  return uses > 0;
}
