const caches: { clear(): void }[] = [];

/** A map of what has been read of projects, which a process that lives on forgets before it reads again. */
export function projectCache<T>(): Map<string, T> {
  const cache = new Map<string, T>();
  caches.push(cache);
  return cache;
}

/** Tsconfigs, packages and compilers may have changed since they were read. */
export function forgetProjects(): void {
  for (const cache of caches) cache.clear();
}
