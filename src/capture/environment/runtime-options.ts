/**
 * Bun profiles itself when BUN_OPTIONS asks for it, in whatever way it is started, on
 * every platform. It splits the variable at blanks and knows no quotes: a folder with a
 * blank in its path cannot be named.
 */
export function bunOptions(folder: string, interval: number): string | undefined {
  return /\s/.test(folder) ? undefined : `--cpu-prof --cpu-prof-dir=${folder} --cpu-prof-interval=${interval}`;
}

/** BUN_OPTIONS with what records, unless the program's own profile is asked for in it. */
export function withBunOptions(own: string | undefined, added: string): string {
  if (own === undefined || own.trim() === '') return added;
  return own.includes('--cpu-prof') ? own : `${own.trim()} ${added}`;
}

/** BUN_OPTIONS without what records; undefined where nothing else is in it. */
export function withoutBunOptions(options: string, added: string): string | undefined {
  const rest = options.split(added).join('').trim();
  return rest === '' ? undefined : rest;
}

/** Names the Deno that the script in front of it is to run. The script takes it away. */
export const REAL_DENO = 'PLATEAU_DENO';

export const isDenoFile = (file: string): boolean => /(?:^|[\\/])deno(?:\.exe)?$/i.test(file);
