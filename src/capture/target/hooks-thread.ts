/** The resolve and load hooks of `module.register`, which run in a thread of their own. */
import { fileURLToPath } from 'node:url';
import { importHooks, type ResolveContext } from './import-hooks';
import { sourceLoader } from './load';
import { otherLoader } from './other-loader';
import { settingsByUrl } from './typescript-settings';

interface Resolved {
  readonly url: string;
  readonly format?: string;
}

const settings = otherLoader() ? undefined : settingsByUrl(import.meta.url);
const hooks = settings && importHooks(sourceLoader(fileURLToPath(new URL('.', import.meta.url)), settings), import.meta.url);

export async function resolve(specifier: string, context: ResolveContext, next: (specifier: string, context: unknown) => Promise<Resolved>): Promise<Resolved> {
  if (!hooks) return next(specifier, context);
  const resolved = await next(hooks.before(specifier, context), context).catch((error: unknown) => {
    const again = hooks.afterFailure(error, specifier, context);
    if (again === undefined) throw error;
    return next(again, context);
  });
  hooks.resolved(resolved.url, context);
  return resolved;
}

export async function load(url: string, context: unknown, next: (url: string, context: unknown) => Promise<unknown>): Promise<unknown> {
  return hooks?.load(url) ?? next(url, context);
}
