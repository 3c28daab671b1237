export type Undo = () => void;
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
export type Wrap = (original: AnyFunction) => AnyFunction;
/** Puts a wrapper before a function, and remembers how to take it away. */
export type Put = (owner: object, name: string, wrap: Wrap) => void;

/** Puts a function before another of an object: with its name, its length and what hangs on it. Undefined where that cannot be done. */
export function replace(owner: object, name: string, wrap: Wrap): Undo | undefined {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  if (!before) return inherit(owner, name, wrap);
  const original = (owner as Record<string, unknown>)[name];
  if (!before.configurable || typeof original !== 'function') return undefined;
  const wrapped = wrap(original as AnyFunction);
  // The name, the length, and what hangs on it, such as `util.promisify.custom`.
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  const { enumerable = true } = before;
  Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable });
  return () => {
    // Somebody else may stand before ours by now.
    if ((owner as Record<string, unknown>)[name] === wrapped) Object.defineProperty(owner, name, before);
  };
}

/** Before a method that an object has from its prototype: until it is taken away again. */
function inherit(owner: object, name: string, wrap: Wrap): Undo | undefined {
  const original = (owner as Record<string, unknown>)[name];
  if (typeof original !== 'function' || !Object.isExtensible(owner)) return undefined;
  const wrapped = wrap(original as AnyFunction);
  Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
  Object.defineProperty(owner, name, { value: wrapped, writable: true, configurable: true, enumerable: true });
  return () => {
    if (Object.getOwnPropertyDescriptor(owner, name)?.value === wrapped) Reflect.deleteProperty(owner, name);
  };
}

/** Nothing that is looked at may throw into the program. */
export function guarded<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined; // the program's own business, in a way that was not foreseen
  }
}
