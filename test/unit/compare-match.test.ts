import { describe, expect, test } from 'vitest';
import { type ComparedRun, comparedSide, type FunctionIdentity, isNameless } from '../../src/core/compare/compared-side';
import { inPackage, matchFiles } from '../../src/core/compare/match-files';
import { matchFunctions } from '../../src/core/compare/match-functions';
import { identitiesOf } from '../../src/core/compare/union-tree';
import { profileFromText } from '../support/raw-profile';

const runOf = (text: string, more: (one: FunctionIdentity) => Partial<FunctionIdentity> = () => ({})): ComparedRun => {
  const { tables } = profileFromText(text);
  return { tables, identities: identitiesOf(tables).map((one) => ({ ...one, ...more(one) })) };
};
const label = ({ name, file, line }: FunctionIdentity): string => `${name || '(anonymous)'}@${file.split('/').at(-1)}:${line + 1}`;

/** Functions of files as `before = after`, `before =`, `= after`; moved ones with `~`. */
function matched(before: ComparedRun, after: ComparedRun, renames?: ReadonlyMap<string, string>): string[] {
  const sides = [comparedSide([before]), comparedSide([after])] as const;
  return matchFunctions(...sides, renames)
    .map((pair) => {
      const one = sides[0].functions[pair.before];
      const other = sides[1].functions[pair.after];
      return `${one ? label(one) : ''} ${pair.isMoved ? '~' : '='} ${other ? label(other) : ''}`.trim();
    })
    .filter((text) => text.includes('.js'));
}

describe('functions before and after', () => {
  test('of one name and file are one, whatever line they stand on', () => {
    expect(
      matched(runOf('main > parse@file:///a.js:3\nmain > old@file:///a.js:9'), runOf('main > parse@file:///a.js:40\nmain > fresh@file:///a.js:9')),
    ).toEqual(['main@main.js:1 = main@main.js:1', 'parse@a.js:3 = parse@a.js:40', 'old@a.js:9 =', '= fresh@a.js:9']);
  });

  test("V8's own entries and native functions are those of their name", () => {
    const sides = [comparedSide([runOf('(garbage collector)\nmain > sort@-')]), comparedSide([runOf('main > sort@-\n(garbage collector)')])] as const;
    expect(matchFunctions(...sides).every(({ before, after, isMoved }) => before >= 0 && after >= 0 && !isMoved)).toBe(true);
  });

  test('several of one name in one file: by callers and callees, then by order', () => {
    const before = runOf('main > get@file:///a.js:5 > ofMap@file:///a.js:2\nother > get@file:///a.js:20 > ofList@file:///a.js:3');
    // The second one stands first now.
    const after = runOf('main > get@file:///a.js:50 > ofMap@file:///a.js:2\nother > get@file:///a.js:10 > ofList@file:///a.js:3');
    expect(matched(before, after)).toEqual(expect.arrayContaining(['get@a.js:5 = get@a.js:50', 'get@a.js:20 = get@a.js:10']));
    const unknown = ['main > get@file:///a.js:5\nmain > get@file:///a.js:9', 'main > get@file:///a.js:6\nmain > get@file:///a.js:30'] as const;
    expect(matched(runOf(unknown[0]), runOf(unknown[1]))).toEqual(expect.arrayContaining(['get@a.js:5 = get@a.js:6', 'get@a.js:9 = get@a.js:30']));
  });

  test('one of several is gone: the others keep their partners by what encloses them and by their bodies', () => {
    const bodies: Readonly<Record<number, string>> = { 4: 'x', 8: 'y', 12: 'z', 6: 'x', 10: 'z' };
    const known = ({ line }: FunctionIdentity) => ({ body: bodies[line + 1] });
    const before = runOf('main > (anonymous)@file:///a.js:4\nmain > (anonymous)@file:///a.js:8\nmain > (anonymous)@file:///a.js:12', known);
    const after = runOf('main > (anonymous)@file:///a.js:6\nmain > (anonymous)@file:///a.js:10', known);
    expect(matched(before, after)).toEqual([
      'main@main.js:1 = main@main.js:1',
      '(anonymous)@a.js:4 = (anonymous)@a.js:6',
      '(anonymous)@a.js:8 =',
      '(anonymous)@a.js:12 = (anonymous)@a.js:10',
    ]);
    const within: Readonly<Record<number, string>> = { 4: 'load', 8: 'save', 6: 'save' };
    const enclosed = ({ line }: FunctionIdentity) => ({ within: within[line + 1] ?? '', body: String(line) });
    expect(
      matched(runOf('main > (anonymous)@file:///a.js:4\nmain > (anonymous)@file:///a.js:8', enclosed), runOf('main > (anonymous)@file:///a.js:6', enclosed)),
    ).toEqual(expect.arrayContaining(['(anonymous)@a.js:4 =', '(anonymous)@a.js:8 = (anonymous)@a.js:6']));
    // One before and one after need not be the same.
    expect(matched(runOf('main > (anonymous)@file:///a.js:4', enclosed), runOf('main > (anonymous)@file:///a.js:6', enclosed))).toEqual([
      'main@main.js:1 = main@main.js:1',
      '(anonymous)@a.js:4 =',
      '= (anonymous)@a.js:6',
    ]);
  });

  test('the top of a module is no callback of it', () => {
    expect(matched(runOf('(anonymous)@file:///a.js:1 > main'), runOf('(anonymous)@file:///a.js:1 > main\nmain > (anonymous)@file:///a.js:7'))).toEqual(
      expect.arrayContaining(['(anonymous)@a.js:1 = (anonymous)@a.js:1', '= (anonymous)@a.js:7']),
    );
  });

  test('moved to another file with its callers and callees, and not where only the name is the same', () => {
    const before = runOf('main > parse@file:///a.js:3 > next@file:///b.js:2');
    expect(matched(before, runOf('main > parse@file:///c.js:8 > next@file:///b.js:2'))).toContain('parse@a.js:3 ~ parse@c.js:8');
    const other = matched(before, runOf('start@file:///d.js:1 > parse@file:///c.js:8 > read@file:///b.js:9\nmain > next@file:///b.js:2'));
    expect(other).toEqual(expect.arrayContaining(['parse@a.js:3 =', '= parse@c.js:8']));
  });

  test('renamed: the same body, or callers and callees; a leaf that takes the place of another is new', () => {
    const body = ({ name }: FunctionIdentity) => ({ body: ['slow', 'quick'].includes(name) ? 'same' : name });
    expect(matched(runOf('main > slow@file:///a.js:3', body), runOf('main > quick@file:///a.js:30', body))).toContain('slow@a.js:3 ~ quick@a.js:30');
    const tree = (name: string) => runOf(`main > ${name}@file:///a.js:3 > next@file:///b.js:2\nmain > ${name}@file:///a.js:3 > skip@file:///b.js:9`);
    expect(matched(tree('scan'), tree('walk'))).toContain('scan@a.js:3 ~ walk@a.js:3');
    expect(matched(runOf('main > search@file:///a.js:3'), runOf('main > index@file:///a.js:3'))).toEqual(
      expect.arrayContaining(['search@a.js:3 =', '= index@a.js:3']),
    );
  });

  test("git's renames are followed, and told as moved", () => {
    const renames = new Map([['file:///old.js', 'file:///new.js']]);
    const [before, after] = [runOf('main > parse@file:///old.js:3'), runOf('main > parse@file:///new.js:3\nmain > parse@file:///other.js:3')];
    expect(matched(before, after, renames)).toContain('parse@old.js:3 ~ parse@new.js:3');
    expect(matched(before, after)).toContain('parse@old.js:3 =');
  });
});

describe('files before and after', () => {
  const identity = (file: string): FunctionIdentity => ({ name: 'f', file, line: 0, column: 0, category: 0, package: '' });
  const named = (before: readonly string[], after: readonly string[], renames = new Map<string, string>()) =>
    before.map(matchFiles(before.map(identity), after.map(identity), renames));

  test('in another folder, by what most of them differ by', () => {
    expect(named(['/old/check/src/a.js', '/old/check/src/b.js'], ['/new/src/a.js', '/new/src/b.js'])).toEqual(['/new/src/a.js', '/new/src/b.js']);
    expect(named(['C:\\w\\src\\a.js'], ['/home/x/src/a.js'])).toEqual(['/home/x/src/a.js']);
    // Each stands in a folder of its own: that says nothing of the third.
    expect(named(['/x/one/index.js', '/x/two/main.js', '/x/a.js'], ['/y/three/index.js', '/z/four/main.js', '/q/a.js'])).toEqual([
      '/x/one/index.js',
      '/x/two/main.js',
      '/x/a.js',
    ]);
    expect(named(['/a/x.js'], ['/a/x.js', '/b/x.js'])).toEqual(['/a/x.js']);
  });

  test('in packages, whatever the package manager has around them', () => {
    expect(named(['/p/node_modules/.pnpm/left@1.0.0/node_modules/left/i.js'], ['/q/node_modules/left/i.js'])).toEqual(['node_modules/left/i.js']);
    expect(inPackage('C:\\p\\node_modules\\a\\node_modules\\b\\i.js')).toBe('node_modules/b/i.js');
  });
});

test('nameless in every tool’s words', () => {
  for (const name of ['', '(anonymous)', '<anonymous>', 'anonymous', '(anonymous function)', '(anonymous) a.js:12']) expect(isNameless(name), name).toBe(true);
  for (const name of ['main', 'anonymousUser', '(garbage collector)']) expect(isNameless(name), name).toBe(false);
});
