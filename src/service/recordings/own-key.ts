/**
 * What tells a recording of this machine from one that came with a repository: a random key
 * outside of every workspace, which the extension and the command line share.
 *
 *   FOLDER/key              64 hexadecimal digits
 *   FOLDER/recipes/SEAL     the secrets that a recipe was recorded with, as a JSON list
 *
 * FOLDER is `plateau` in the user's folder for settings; the folders are 0700, the files 0600.
 * A sidecar has the seal of its recipe: the HMAC-SHA256 of what is run and where.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { homeFolder } from '../../files/home-folder';
import type { Recipe } from '../../shared/recipe';
import { fittingJson } from '../../shared/schemas/read-json';
import { fillRecipe, maskRecipe, missingValues } from '../../shared/secrets';

type Environment = Readonly<Record<string, string | undefined>>;

/** The user's folder for what Plateau keeps outside of workspaces. */
export function ownFolder(env: Environment = process.env, platform: NodeJS.Platform = process.platform, home = homeFolder()): string {
  const { join, isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  const named = platform === 'win32' ? env.APPDATA : platform === 'darwin' ? undefined : env.XDG_CONFIG_HOME;
  if (named !== undefined && isAbsolute(named)) return join(named, 'plateau');
  // Without a home there is a place of one's own nowhere else; whose it is, is looked at before a key is taken from it.
  if (home === '') return join(os.tmpdir(), `plateau-of-${process.getuid?.() ?? 'user'}`);
  return platform === 'win32'
    ? join(home, 'AppData', 'Roaming', 'plateau')
    : join(home, platform === 'darwin' ? 'Library/Application Support' : '.config', 'plateau');
}

const KEY = /^[0-9a-f]{64}$/;

/** The key; undefined where there is none, or others could read or write it. */
async function readKey(folder: string): Promise<string | undefined> {
  try {
    const file = path.join(folder, 'key');
    const [own, info] = [await fs.stat(folder), await fs.lstat(file)];
    if (!info.isFile() || info.size !== 64) return undefined;
    const isOthers = process.getuid !== undefined && [own, info].some(({ uid, mode }) => uid !== process.getuid?.() || (mode & 0o022) !== 0);
    if (isOthers || (process.getuid !== undefined && (info.mode & 0o077) !== 0)) return undefined;
    const key = await fs.readFile(file, 'utf8');
    return KEY.test(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The key, made where there is none yet; undefined where that cannot be. Of several that make it at once, all get the same. */
async function makeKey(folder: string): Promise<string | undefined> {
  const known = await readKey(folder);
  if (known !== undefined) return known;
  const file = path.join(folder, 'key');
  const part = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    await fs.writeFile(part, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
    await fs.link(part, file);
  } catch {
    // Somebody else was faster, or nothing can be kept here: then every recipe is confirmed.
  } finally {
    await fs.rm(part, { force: true }).catch(() => {});
  }
  return readKey(folder);
}

/** The same text for the same recipe, in whichever order its fields stand. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`)
    .join(',')}}`;
}

const sealOf = (recipe: Recipe, key: string): string =>
  createHmac('sha256', Buffer.from(key, 'hex'))
    .update(`plateau/recipe/1\n${canonical(recipe)}`)
    .digest('hex');

const secretsFile = (folder: string, seal: string): string => path.join(folder, 'recipes', seal);
/** Recipes whose secrets are kept; the oldest go first. */
const MOST_RECIPES = 500;

/** A recipe as a sidecar has it. */
export interface SealedRecipe {
  readonly recipe: Recipe;
  readonly seal?: string | undefined;
}

/** What is written down of a recipe: without secrets, which are kept for this user alone, and with a seal. */
export async function sealRecipe(given: Recipe, folder = ownFolder()): Promise<SealedRecipe> {
  const { masked: recipe, values } = maskRecipe(given);
  const key = await makeKey(folder);
  if (key === undefined) return { recipe };
  const seal = sealOf(recipe, key);
  if (values.length > 0) await keepSecrets(folder, seal, values).catch(() => {}); // they are asked for again
  return { recipe, seal };
}

async function keepSecrets(folder: string, seal: string, values: readonly string[]): Promise<void> {
  const file = secretsFile(folder, seal);
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${randomBytes(6).toString('hex')}`;
  await fs.writeFile(part, JSON.stringify(values), { flag: 'wx', mode: 0o600 });
  await fs.rename(part, file);
  const names = await fs.readdir(path.dirname(file));
  if (names.length <= MOST_RECIPES) return;
  const dated = await Promise.all(names.map(async (name) => ({ name, time: (await fs.stat(path.join(path.dirname(file), name))).mtimeMs })));
  for (const { name } of dated.sort((a, b) => b.time - a.time).slice(MOST_RECIPES)) await fs.rm(path.join(path.dirname(file), name), { force: true });
}

/** A recipe that is to be run again. */
export interface OpenedRecipe {
  readonly recipe: Recipe;
  /** It was recorded by this user on this machine, and is as it was. */
  readonly isOwn: boolean;
  /** Secrets that it was recorded with and that are not known. */
  readonly missing: number;
}

/** Looks whether a recipe is of this machine, and puts its secrets back. Nothing of another's is filled in. */
export async function openRecipe({ recipe, seal }: SealedRecipe, folder = ownFolder()): Promise<OpenedRecipe> {
  const key = seal === undefined ? undefined : await readKey(folder);
  const isOwn = key !== undefined && seal !== undefined && KEY.test(seal) && timingSafeEqual(Buffer.from(sealOf(recipe, key)), Buffer.from(seal));
  const missing = missingValues(recipe);
  if (!isOwn || missing === 0) return { recipe, isOwn, missing };
  const text = await fs.readFile(secretsFile(folder, seal), 'utf8').catch(() => '');
  const filled = fillRecipe(recipe, fittingJson(text, v.array(v.string())) ?? []);
  return filled ? { recipe: filled, isOwn, missing: 0 } : { recipe, isOwn, missing };
}
