import path from 'node:path';
import * as v from 'valibot';
import { statRegularFile } from '../../files/open-regular';
import { readRegularText } from '../../files/read-regular';
import type { Recipe } from '../../shared/recipe';
import { byName } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';
import { type FileOutline, type TestBlock, type TestFramework, testAt } from '../../source/parse/test-blocks';

/** A way to run code that is found beside it. */
export interface TestWay {
  /** `Run the test "adds two numbers"`. */
  readonly label: string;
  readonly recipe: Recipe;
}

/** The scripts of one `package.json`. */
export interface PackageScripts {
  readonly folder: string;
  readonly name: string;
  readonly scripts: readonly { readonly name: string; readonly command: string }[];
}

export interface RunWays {
  /** The test around the cursor first, then the file's, or those that stand beside the file. */
  readonly tests: readonly TestWay[];
  /** Whether there is nothing in running the file by itself. */
  readonly onlyDeclares: boolean;
  /** From the folder of the file up to the root. */
  readonly packages: readonly PackageScripts[];
}

const MAX_MANIFEST = 4 << 20;
const names = v.fallback(v.optional(byName(v.string())), undefined);
const manifestSchema = v.object({
  name: v.fallback(v.optional(v.string()), undefined),
  scripts: v.fallback(byName(v.string()), {}),
  dependencies: names,
  devDependencies: names,
});
type Manifest = v.InferOutput<typeof manifestSchema>;

/** Where a framework's program is in its package. */
const PROGRAMS: Readonly<Record<Exclude<TestFramework, 'node'>, string>> = {
  vitest: 'vitest/vitest.mjs',
  jest: 'jest/bin/jest.js',
  mocha: 'mocha/bin/mocha.js',
};
const ORDER = ['vitest', 'jest', 'mocha'] as const;

/** The ways to run what stands at an offset of a file, that its tests and packages give. `root` ends the search upwards. */
export async function runWays(file: string, outline: FileOutline | undefined, offset: number | undefined, root: string): Promise<RunWays> {
  const folders = foldersUp(path.dirname(file), root);
  const manifests = await Promise.all(folders.map((folder) => readManifest(folder, root)));
  const packages = folders.flatMap((folder, at): PackageScripts[] => {
    const found = manifests[at];
    const scripts = Object.entries(found?.scripts ?? {}).map(([name, command]) => ({ name, command }));
    return scripts.length > 0 ? [{ folder, name: found?.name ?? path.basename(folder), scripts }] : [];
  });
  const home = folders.find((_, at) => manifests[at] !== undefined) ?? root;
  const isTestFile = (outline?.tests.length ?? 0) > 0;
  const subject = isTestFile ? file : await testsBeside(file, root);
  const framework = outline?.framework ?? frameworkOf(manifests);
  const runner = subject === undefined || !framework ? undefined : await runnerOf(framework, folders, home, root);
  const at = isTestFile && offset !== undefined ? testAt(outline?.tests ?? [], offset) : undefined;
  const tests: TestWay[] = [];
  if (runner && subject !== undefined) {
    if (at && at.names.at(-1) !== '') tests.push({ label: `Run this ${at.isSuite ? 'suite' : 'test'}: ${at.names.at(-1)}`, recipe: runner(subject, at) });
    tests.push({ label: `Run all tests of ${path.basename(subject)}`, recipe: runner(subject, undefined) });
  }
  // The globals of a framework are not there for Node.js alone.
  const isForRunner = isTestFile && framework !== 'node';
  return { tests, onlyDeclares: isForRunner || (outline?.onlyDeclares ?? false), packages };
}

/** From a folder up to the root, at most 64. */
function foldersUp(from: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = path.resolve(from); folders.length < 64; folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === path.resolve(root) || folder === path.dirname(folder)) break;
  }
  return folders;
}

async function readManifest(folder: string, root: string): Promise<Manifest | undefined> {
  const read = await readRegularText(path.join(folder, 'package.json'), { most: MAX_MANIFEST, own: [root, folder] });
  return read.ok ? fittingJson(read.value, manifestSchema) : undefined;
}

const isFile = async (file: string, root: string): Promise<boolean> => (await statRegularFile(file, { own: [root] })).ok;

/** `a.test.ts`, `a.spec.js`, `__tests__/a.ts` of `a.ts`; undefined where there is none. */
async function testsBeside(file: string, root: string): Promise<string | undefined> {
  const { dir, name, ext } = path.parse(file);
  if (!/^\.[cm]?[jt]sx?$/i.test(ext)) return undefined;
  const ends = [...new Set([ext, '.ts', '.tsx', '.js', '.mjs'])];
  const places = ends.flatMap((end) => [`${name}.test${end}`, `${name}.spec${end}`, `__tests__/${name}.test${end}`, `__tests__/${name}${end}`]);
  for (const place of places) if (await isFile(path.join(dir, place), root)) return path.join(dir, place);
  return undefined;
}

/** What the nearest package that names one depends on, or what its script `test` runs. */
function frameworkOf(manifests: readonly (Manifest | undefined)[]): TestFramework | undefined {
  for (const manifest of manifests) {
    if (!manifest) continue;
    const test = manifest.scripts.test ?? '';
    const named = ORDER.find((one) => manifest.devDependencies?.[one] !== undefined || manifest.dependencies?.[one] !== undefined || test.includes(one));
    if (named) return named;
    if (/\bnode\b.*--test\b/.test(test)) return 'node';
  }
  return undefined;
}

type Runner = (subject: string, at: TestBlock | undefined) => Recipe;

async function runnerOf(framework: TestFramework, folders: readonly string[], cwd: string, root: string): Promise<Runner | undefined> {
  if (framework === 'node')
    return (file, at) => {
      const pattern = at && patternOf([at.names.at(-1) ?? ''], at);
      // Without a pattern, also a file that Node.js alone would not read is run, as any other.
      return pattern === undefined
        ? { kind: 'file', file, args: [], env: {}, cwd }
        : { kind: 'program', command: 'node', args: [`--test-name-pattern=${pattern}`, file], cwd };
    };
  for (const folder of [...folders, ...foldersUp(root, path.parse(root).root)]) {
    const program = path.join(folder, 'node_modules', ...PROGRAMS[framework].split('/'));
    if (!(await isFile(program, root))) continue;
    return (subject, at) => {
      const pattern = at && patternOf(at.names, at);
      const own = path.relative(cwd, subject).split(path.sep).join('/');
      const args = argumentsOf[framework](own, pattern);
      return {
        kind: 'file',
        file: program,
        args,
        env: {},
        cwd,
        typed: [framework, path.basename(subject), ...(at ? [JSON.stringify(at.names.at(-1))] : [])].join(' '),
      };
    };
  }
  return undefined;
}

/** Coverage would be most of what is measured. */
const argumentsOf: Readonly<Record<Exclude<TestFramework, 'node'>, (file: string, pattern: string | undefined) => string[]>> = {
  vitest: (file, pattern) => ['run', file, '--coverage.enabled=false', ...(pattern === undefined ? [] : ['-t', pattern])],
  jest: (file, pattern) => ['--runInBand', '--coverage=false', '--runTestsByPath', file, ...(pattern === undefined ? [] : ['-t', pattern])],
  mocha: (file, pattern) => [file, ...(pattern === undefined ? [] : ['--grep', pattern])],
};

/** A regular expression for the names joined by spaces, as all of them match it. */
function patternOf(parts: readonly string[], { isExact, isSuite }: TestBlock): string {
  const known = parts.filter((part) => part !== '').map((part) => part.trim().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return known.join(isExact ? ' ' : '.*') + (isExact && !isSuite ? '$' : '');
}
