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

/** Stands for time in which no sample was taken (`sampling-gaps.ts`); V8 has no such frame. */
export const NOT_SAMPLED = '(not sampled)';

const ownFrames: Readonly<Record<string, Category>> = Object.assign(Object.create(null), {
  '(root)': Category.Root,
  '(garbage collector)': Category.Gc,
  '(program)': Category.Program,
  '(idle)': Category.Idle,
  [NOT_SAMPLED]: Category.Idle,
  '(unknown node)': Category.Unknown,
});

/** Who wrote a profile: V8, which gives every function of a script a url, or any other tool, which may give none. */
export type Origin = 'v8' | 'other';

/** The category of a function by its name and url. */
export function categorize(name: string, url: string, origin: Origin = 'v8'): Category {
  if (url === '') {
    const own = ownFrames[name];
    if (own !== undefined) return own;
    if (name.startsWith('RegExp: ')) return Category.RegExp;
    if (origin === 'v8') return Category.Native;
    return name === '[unknown]' ? Category.Unknown : runtimeNames.test(name) ? Category.Native : Category.User;
  }
  if (url.startsWith('node:')) return Category.Node;
  if (url.startsWith('wasm:')) return Category.Native;
  if (packageOf(url) !== undefined) return Category.Dependency;
  if (origin === 'v8' || url.length > MAX_PATH || isScript.test(url)) return Category.User;
  return runtimeFiles.test(url) || (url.endsWith('.go') && /^(?:runtime|syscall)[./]/.test(name)) ? Category.Native : Category.User;
}

/**
 * Names that belong to a language's runtime or to the system, for formats without
 * files: Go's runtime, the JVM's library (with dots, or slashes as async-profiler
 * has it), .NET's, Rust's, C++'s, libc's start, and the kernel (perf and
 * async-profiler mark its frames with `_[k]`).
 */
const runtimeNames =
  /^(?:runtime[./]|syscall\.|internal\/(?:poll|runtime|syscall)|(?:java|javax|jdk|sun|com[./]sun)[./]|System\.|(?:std|core|alloc|__gnu_cxx)::|<(?:frozen|built-in)|_start$|__libc_|start_thread$|clone3?$|\[(?:kernel|vdso|vsyscall|heap|stack)|entry_SYSCALL|do_syscall)|_\[k\]$/;

/** Files of a language's own library: Go's, Python's, Ruby's, Rust's, Erlang's and shared objects of the system. */
const runtimeFiles =
  /(?:^|\/)(?:go|go[\d.]+|golang)[^/]*\/src\/|[\\/]lib[\\/]python\d[\d.]*[\\/](?!site-packages|dist-packages)|[\\/]lib[\\/]ruby[\\/]\d|^\/rustc\/|[\\/]rustlib[\\/]src[\\/]|^<(?:frozen|built-in|internal)|\.so(?:\.[\d.]+)?$|\.dll$|\.dylib$|^\[?(?:kernel|vdso|\[kernel|\[vdso|\[guest)/;

/** No system has longer paths; a hostile one could make a pattern slow. */
const MAX_PATH = 4096;
const isScript = /\.[cm]?[jt]sx?$/i;

/**
 * The package that a url or path lies in, undefined outside. For JavaScript by the
 * last `node_modules` folder, which serves npm, yarn (also zipped) and pnpm
 * layouts; for other languages by where their package managers put packages.
 */
export function packageOf(url: string): string | undefined {
  const match = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?([^\\/]+)[\\/]/s.exec(url);
  if (match) return (match[1] ? `${match[1].slice(0, -1)}/` : '') + match[2];
  if (url.length > MAX_PATH || isScript.test(url)) return undefined;
  for (const pattern of otherPackages) {
    const found = pattern.exec(url)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

const otherPackages: readonly RegExp[] = [
  // Python: …/site-packages/numpy/core/x.py, and modules of one file
  /[\\/](?:site|dist)-packages[\\/]([^\\/]+?)(?:\.py\w?)?(?:[\\/]|$)/,
  // Go's module cache: …/pkg/mod/github.com/gorilla/mux@v1.8.0/mux.go; -trimpath leaves github.com/gorilla/mux@v1.8.0/mux.go
  /[\\/]pkg[\\/]mod[\\/]([^@\s]+)@v\d[^\\/]*[\\/]/,
  /^([^@\s\\/][^@\s]*)@v\d[^\\/]*[\\/]/,
  // Rust: ~/.cargo/registry/src/index.crates.io-…/serde-1.0.1/src/de.rs
  /[\\/]registry[\\/]src[\\/][^\\/]+[\\/]([^\\/]+?)-\d[^\\/]*[\\/]/,
  // Ruby: …/gems/rack-2.2.3/lib/rack.rb
  /[\\/]gems[\\/]([^\\/]+?)-\d[^\\/]*[\\/]/,
  // Go's and PHP's vendor folders; in other languages a folder of that name may well be the user's own
  /[\\/]vendor[\\/]((?:[^\\/]+\.[^\\/]+[\\/])?[^\\/]+[\\/][^\\/]+)[\\/].*\.(?:go|php)$/,
];

/** Functions that code can be blamed for: not V8's bookkeeping frames. */
export function isCode(category: number): boolean {
  return category <= Category.RegExp;
}
