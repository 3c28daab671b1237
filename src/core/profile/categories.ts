/** What a function belongs to. The numbers are part of the slab's layout: append, never reorder. */
export const Category = {
  User: 0,
  Dependency: 1,
  Node: 2,
  Native: 3,
  RegExp: 4,
  Gc: 5,
  Program: 6,
  Idle: 7,
  Root: 8,
  Unknown: 9,
} as const;
export type Category = (typeof Category)[keyof typeof Category];

export const categoryNames: Readonly<Record<Category, string>> = {
  [Category.User]: 'your code',
  [Category.Dependency]: 'dependency',
  [Category.Node]: 'Node.js internals',
  [Category.Native]: 'native',
  [Category.RegExp]: 'regular expression',
  [Category.Gc]: 'garbage collection',
  [Category.Program]: 'V8 and system',
  [Category.Idle]: 'idle',
  [Category.Root]: 'root',
  [Category.Unknown]: 'unknown',
};

const ownFrames: Readonly<Record<string, Category>> = Object.assign(Object.create(null), {
  '(root)': Category.Root,
  '(garbage collector)': Category.Gc,
  '(program)': Category.Program,
  '(idle)': Category.Idle,
  '(unknown node)': Category.Unknown,
});

/** The category of a function by the name and url that V8 gives it. */
export function categorize(name: string, url: string): Category {
  if (url === '') {
    const own = ownFrames[name];
    if (own !== undefined) return own;
    return name.startsWith('RegExp: ') ? Category.RegExp : Category.Native;
  }
  if (url.startsWith('node:')) return Category.Node;
  if (url.startsWith('wasm:')) return Category.Native;
  return packageOf(url) === undefined ? Category.User : Category.Dependency;
}

/**
 * The npm package that a url or path lies in, by its last `node_modules` folder,
 * which serves npm, yarn (also zipped) and pnpm layouts; undefined outside.
 */
export function packageOf(url: string): string | undefined {
  const match = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?([^\\/]+)[\\/]/s.exec(url);
  if (!match) return undefined;
  const scope = match[1] ? `${match[1].slice(0, -1)}/` : '';
  return scope + match[2];
}

/** Functions that code can be blamed for: not V8's bookkeeping frames. */
export function isCode(category: number): boolean {
  return category <= Category.RegExp;
}
