/**
 * What looks like a secret in a command line, an environment or an address. It is taken out of
 * everything that is written or shown, and put back where the command is run again. Better one
 * word too many than one too few: what is taken out is not lost.
 */
import type { Recipe } from './recipe';

/** Stands for a value that is not told. */
export const MASK = '•••';

export interface Masked<T> {
  readonly masked: T;
  /** What stood where the masks are, in their order. */
  readonly values: readonly string[];
}

/** Words that say by themselves that a value is secret. */
const secretWords = new Set(
  'token tokens secret secrets password passwords passwd passwort pwd pass passphrase passcode pw apikey authkey accesskey secretkey privatekey credential credentials creds auth authorization bearer jwt cookie cookies session sessionid sid sig signature otp pat dsn pincode'.split(
    ' ',
  ),
);
/** As they end when words stand together: `PGPASSWORD`, `authtoken`, `clientsecret`, `DBPASS`; not `compass`. */
const SECRET_END =
  /[a-z](?:passw(?:or)?ds?|passphrases?|tokens?|secrets?|apikey|credentials?)$|^(?:pg|db|my|sql|ssh|ftp|smtp|mail|http|ldap|redis|mongo|root|user|admin|login|proxy|key|store)pass$/;
/** What a "key" must be of to be one that opens something. */
const keyOwners = new Set(
  'api access private secret auth account service encryption signing master admin client app shared storage subscription license ssh gpg pgp'.split(' '),
);

/** `API_KEY`, `--client-secret`, `dbPassword`, `x-api-key`; not `author`, `keyboard` or `sort-key`. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return words.some((word, at) => secretWords.has(word) || SECRET_END.test(word) || (/^keys?$/.test(word) && keyOwners.has(words[at - 1] ?? '')));
}

const isKeyName = (name: string): boolean => /(?:^|[^a-z])(?:key|hash|salt|seed|code|id)$/i.test(name.replace(/([a-z0-9])([A-Z])/g, '$1 $2'));

/** Long, of letters and digits in a mixture that no word, path or number has. */
const isRandom = (value: string): boolean => /^[\w+/=.-]{20,}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && !/[/.][a-z]{1,4}$/.test(value);

/** Keys that are told by their form, each the whole match. */
const forms: readonly RegExp[] = [
  /\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, // JSON web tokens
  /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{16}\b/g, // Amazon
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,})/g, // GitHub, GitLab
  /\b(?:sk|rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/g, // Stripe
  /\bsk-[\w-]{20,}/g, // OpenAI, Anthropic
  /\bxox[abeoprs]-[\w-]{10,}/g, // Slack
  /\bAIza[\w-]{30,}/g, // Google
  /\bya29\.[\w-]{20,}/g,
  /\b(?:npm_\w{30,}|pypi-[\w-]{30,}|dop_v1_\w{30,}|hf_\w{30,}|shpat_\w{30,})/g,
  /(?<=\bhooks\.slack\.com\/)(?:services|workflows|triggers)\/[\w/-]+/g,
  /(?<=\bdiscord(?:app)?\.com\/api\/)webhooks\/\d+\/[\w-]+/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g, // SendGrid
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
];

interface Range {
  readonly from: number;
  readonly to: number;
}

function* secretRanges(text: string): Generator<Range> {
  const group = (match: RegExpMatchArray, value: string): Range => {
    const from = (match.index ?? 0) + match[0].lastIndexOf(value);
    return { from, to: from + value.length };
  };
  for (const match of text.matchAll(/•••/g)) yield group(match, match[0]); // so that it can be told from ours
  for (const form of forms) for (const match of text.matchAll(form)) yield group(match, match[0]);
  // user:password@ and token@ in an address; a password may have an @ itself.
  for (const match of text.matchAll(/:\/\/([^\s/?#'"]{1,1000})@/g)) yield { from: match.index + 3, to: match.index + 3 + (match[1] as string).length };
  // Headers: the whole of what follows the name, up to a quote or the end of the line.
  for (const match of text.matchAll(/\b(?:proxy-)?(?:authorization|cookie|set-cookie)\s{0,3}:\s{0,3}([^\r\n"']+)/gi)) yield group(match, match[1] as string);
  for (const match of text.matchAll(/\b(?:bearer|basic)\s{1,3}([\w.~+/=-]{6,})/gi)) yield group(match, match[1] as string);
  yield* namedRanges(text);
  // curl -u name:password
  for (const match of text.matchAll(/(?:^|\s)(?:-u|--user)[\s=]{1,3}["']?([^\s"':]{1,200}:[^\s"']+)/g)) yield group(match, match[1] as string);
}

/** A name and what leads to its value: `NAME=`, `name: `, `"name": `, `--name `. It begins where no name goes on, so each is looked at once. */
const NAMED = /(?<![\w.-])(-{0,2})([A-Za-z_][\w.-]*)(\\?["']?\s{0,2}(?:=|:(?!\/\/))\s{0,2}|\s{1,3})/g;
const VALUE =
  /"((?:[^"\\]|\\[\s\S]){1,10000})"|'([^']{1,10000})'|`([^`]{1,10000})`|\\"([^"\\]{1,10000})\\"|((?:[^\s&;,"'`)\]}\\]|\\[\s\S])(?:[^\s&;,"'`)\]}\\]|\\[^"]){0,10000})/y;
/** No key is longer that is told by its form alone. */
const MOST_KEY = 512;

function* namedRanges(text: string): Generator<Range> {
  let from = 0;
  for (const match of text.matchAll(NAMED)) {
    const [whole, dashes = '', name = '', sign = ''] = match;
    const isOption = dashes !== '';
    const start = match.index + whole.length;
    if (start < from || name.length > 80 || (sign.trim() === '' && (!isOption || text[start] === '-'))) continue;
    const isSecret = isSecretName(name);
    if (!isSecret && !isKeyName(name)) continue;
    VALUE.lastIndex = start;
    const found = VALUE.exec(isSecret ? text : text.slice(0, start + MOST_KEY));
    const value = found?.slice(1).find((one) => one !== undefined);
    if (!found || value === undefined || !(isSecret || isRandom(value))) continue;
    const at = found.index + found[0].indexOf(value);
    yield { from: at, to: at + value.length };
    from = VALUE.lastIndex;
  }
}

/** A text without what looks like a secret. Linear in its length. */
export function maskText(text: string): Masked<string> {
  const ranges = [...secretRanges(text)].sort((a, b) => a.from - b.from || b.to - a.to);
  const values: string[] = [];
  let masked = '';
  let at = 0;
  for (let i = 0; i < ranges.length; ) {
    const { from } = ranges[i] as Range;
    let { to } = ranges[i] as Range;
    for (i++; i < ranges.length && (ranges[i] as Range).from <= to; i++) to = Math.max(to, (ranges[i] as Range).to);
    masked += text.slice(at, from) + MASK;
    values.push(text.slice(from, to));
    at = to;
  }
  return { masked: masked + text.slice(at), values };
}

/** What is shown of a text. */
export const withoutSecrets = (text: string): string => maskText(text).masked;

/** The same for the words of a command line: `--password`, `x` are two. */
export function maskWords(words: readonly string[]): Masked<readonly string[]> {
  const values: string[] = [];
  const masked = words.map((word, at) => {
    const before = words[at - 1] ?? '';
    const isNamed = /^--?[A-Za-z][\w.-]*$/.test(before) && !word.startsWith('-') && word !== '';
    const isValue = isNamed && (isSecretName(before) || (isKeyName(before) && isRandom(word)) || (/^(?:-u|--user)$/.test(before) && word.includes(':')));
    const one = isValue ? { masked: MASK, values: [word] } : maskText(word);
    values.push(...one.values);
    return one.masked;
  });
  return { masked, values };
}

/** A recipe as it may be written down; `values` are what `fillRecipe` needs to make it whole again. */
export function maskRecipe(recipe: Recipe): Masked<Recipe> {
  const values: string[] = [];
  const take = <T>(one: Masked<T>): T => {
    values.push(...one.values);
    return one.masked;
  };
  const masked = changeTexts(recipe, {
    text: (text) => take(maskText(text)),
    words: (words) => take(maskWords(words)),
    variable: (name, value) => take(isSecretName(name) && value !== '' ? { masked: MASK, values: [value] } : maskText(value)),
  });
  // What was typed is for titles alone: it is never run, so nothing of it is filled in again.
  const typed = recipe.kind === 'file' && recipe.typed !== undefined ? { typed: maskWords(recipe.typed.split(' ')).masked.join(' ') } : {};
  return { masked: { ...masked, ...typed }, values };
}

/** How many values a recipe that was written down lacks. */
export function missingValues(recipe: Recipe): number {
  let count = 0;
  changeMasks(recipe, () => {
    count++;
    return '';
  });
  return count;
}

/** Puts values into the places of the masks; undefined where there are more or fewer. */
export function fillRecipe(recipe: Recipe, values: readonly string[]): Recipe | undefined {
  let at = 0;
  const filled = changeMasks(recipe, () => values[at++] ?? '');
  return at === values.length ? filled : undefined;
}

function changeMasks(recipe: Recipe, value: () => string): Recipe {
  const text = (given: string): string => given.replaceAll(MASK, value);
  return changeTexts(recipe, { text, words: (words) => words.map(text), variable: (_, given) => text(given) });
}

interface Changes {
  text(text: string): string;
  words(words: readonly string[]): readonly string[];
  variable(name: string, value: string): string;
}

/** Every text of a recipe that may hold a secret, always in the same order. */
function changeTexts(recipe: Recipe, { text, words, variable }: Changes): Recipe {
  switch (recipe.kind) {
    case 'file': {
      const args = words(recipe.args);
      return { ...recipe, args, env: Object.fromEntries(Object.entries(recipe.env).map(([name, value]) => [name, variable(name, value)])) };
    }
    case 'program':
      return { ...recipe, args: words(recipe.args) };
    case 'command':
    case 'process':
      return { ...recipe, command: text(recipe.command) };
    case 'loop': {
      const args = text(recipe.args);
      const constructorArgs = text(recipe.constructorArgs);
      const instance = recipe.instance === undefined ? {} : { instance: text(recipe.instance) };
      const setup = recipe.setup === undefined ? {} : { setup: text(recipe.setup) };
      return { ...recipe, args, constructorArgs, ...instance, ...setup };
    }
    case 'attach':
      return { ...recipe, address: text(recipe.address) };
    case 'script':
      return recipe;
  }
}
