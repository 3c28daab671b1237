import fs from 'node:fs';
import path from 'node:path';
import { Line, Location, Function as PprofFunction, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { afterAll, describe, expect, test } from 'vitest';
import { functionFinder } from '../../src/core/findings/patterns/find-function';
import { builtInRules } from '../../src/core/findings/patterns/rules/built-in';
import { goRules } from '../../src/core/findings/patterns/rules/go';
import { javaRules } from '../../src/core/findings/patterns/rules/java';
import { pythonRules } from '../../src/core/findings/patterns/rules/python';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { functionAt } from '../../src/core/profile/tables';
import { findPatterns, type PatternFindings } from '../../src/service/patterns/pattern-findings';
import { patternScanner } from '../../src/service/patterns/pattern-scanner';
import { type OpenedProfile, openProfile } from '../../src/service/profile/opened-profile';
import { functionIndex } from '../../src/shared/brands';
import { fileLocator } from '../../src/source/maps/locate';
import { costsByFunction, mainOf, readAny } from '../support/formats';
import { otherEngine, scanOther } from '../support/other-languages';
import { dist } from '../support/patterns';
import { root } from '../support/run';

const others = [...pythonRules, ...goRules, ...javaRules];

test('there are ten rules and more for each language, and every id is one of its own', () => {
  for (const rules of [pythonRules, goRules, javaRules]) expect(rules.length).toBeGreaterThanOrEqual(10);
  expect(new Set(builtInRules.map(({ id }) => id)).size).toBe(builtInRules.length);
});

describe.each(others.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  test('is found in its bad example and not in its good one', async () => {
    const [language = 'python'] = rule.languages;
    const bad = await scanOther(rule.examples.bad, language);
    expect(bad.missing).toBe(0);
    expect(bad.matches.map((match) => match.rule)).toEqual([id]);
    const good = await scanOther(rule.examples.good, language);
    expect(good.scanned).toBeGreaterThan(0);
    expect(good.matches.map((match) => match.rule)).not.toContain(id);
  });

  test('says what, why with a cost, and what to do', () => {
    expect(rule.title.length).toBeLessThan(60);
    for (const text of [rule.message, rule.why, rule.fix.advice]) expect(text).toMatch(/[.]$/);
    expect(rule.fix.plan).toBeUndefined();
  });
});

describe('code that looks like a pattern and is none stays silent', () => {
  const matches = async (text: string, language: 'python' | 'go' | 'java') =>
    (await scanOther(text, language)).matches.map(({ rule, line }) => `${rule}:${line}`);

  test('Python', async () => {
    const text = `import re
def a(words, table):
    seen = set()
    names = {}
    for word in words:
        if word in seen or word in names or word in 'abc':
            pass
def b(words):
    known = [1, 2]
    if 3 in known:
        return [x for x in known]
def c(prices):
    for key, price in prices.items():
        print(key, price)
def d(total, xs):
    for x in xs:
        total += x
def e(xs):
    try:
        for x in xs:
            x()
    except KeyError:
        pass
def f(parts):
    for part in parts:
        def later():
            return re.compile('x')
        part(later)
def g(pattern):
    return re.compile(pattern)
def h(xs):
    for x in sorted(xs + [1]):
        x()
async def i(session):
    await session.get('/')
def j(words):
    letters = 0
    for word in words:
        letters += len(word)
    return letters
def k(title):
    letters = ''
    return letters.join(title)
`;
    expect(await matches(text, 'python')).toEqual(['python-regex-in-function:26']);
  });

  test('Go', async () => {
    const text = `package a

func a(xs []int) (sum int) {
	for _, x := range xs {
		sum += x
	}
	return sum
}

func b(names []string) {
	for _, name := range names {
		go func() {
			defer done()
			use(name)
		}()
	}
}

func c(xs []int) (out []int) {
	for _, x := range xs {
		if x > 0 {
			out = append(out, x)
		}
	}
	return out
}

func d() string {
	return fmt.Sprintf("%d of %d", 1, 2)
}

func e(a, b string) bool {
	return strings.ToLower(a) < b
}

func f(url string) (*http.Response, error) {
	response, err := http.Get(url)
	return response, err
}

func g(lines []string) {
	for _, line := range regexp.MustCompile("x").FindAllString(lines[0], -1) {
		use(line)
	}
}
`;
    expect(await matches(text, 'go')).toEqual([]);
  });

  test('Java', async () => {
    const text = `class A {
  int a(int[] xs) { int sum = 0; for (int x : xs) sum += x; return sum; }
  boolean b(java.util.Set<String> known, String[] words) { for (String w : words) if (known.contains(w)) return true; return false; }
  void c(String[] words) { for (String w : words) { Runnable r = () -> java.util.regex.Pattern.compile("x"); r.hashCode(); } }
  void d(String[] words) { for (String w : words) new StringBuilder(w); }
  int e(String w) { try { return Integer.parseInt(w); } catch (NumberFormatException x) { return 0; } }
  void f(String[] words) { for (String w : words) { try { g(w); } catch (NumberFormatException x) { throw new IllegalStateException(x); } } }
  void g(String w) { synchronized (this) { w.hashCode(); } }
  int i(String[] words) { int size = 0; for (String w : words) size += w.length(); return size; }
  String j(String size) { return size; }
  void h(String text) { for (String part : text.replaceAll("a", "b").split(",")) g(part); }
}
`;
    expect(await matches(text, 'java')).toEqual([]);
  });
});

describe('in profiles of other tools', () => {
  const fixtures = path.join(root, 'test/fixtures/patterns/other');
  const open = (name: string, bytes: Uint8Array): OpenedProfile =>
    openProfile(path.join(fixtures, name), mainOf(readAny(bytes)), { thresholds: defaultThresholds, locator: fileLocator([fixtures]), info: undefined });
  const find = (profile: OpenedProfile) =>
    findPatterns(profile, { partsFolder: dist, scanner, readText: (file) => fs.promises.readFile(file, 'utf8').catch(() => undefined) });
  const scanner = patternScanner(dist);
  afterAll(() => scanner.dispose());
  /** `rule file:line`, loudest first. */
  const told = ({ findings }: PatternFindings): string[] => findings.map(({ rule, place }) => `${rule} ${place && path.basename(place.file)}:${place?.line}`);

  test('Python: stacks that a thread took of a real run, with the lines that ran', async () => {
    const found = await find(open('orders.speedscope.json', fs.readFileSync(path.join(fixtures, 'orders.speedscope.json'))));
    expect(found.warnings).toEqual([]);
    expect(told(found).sort()).toEqual([
      'python-list-copied-in-loop orders.py:25',
      'python-list-search-in-loop orders.py:9',
      'python-regex-in-function orders.py:16',
    ]);
    const search = found.findings.find(({ rule }) => rule === 'python-list-search-in-loop');
    expect(search?.summary).toMatch(/^`allowed` is searched .* This line takes \d/);
    expect(search?.share).toBeGreaterThan(0.1);
    expect(search?.id).toMatch(/^python-list-search-in-loop:known_words@orders\.py~[0-9a-f]{6}$/);
  });

  /** `slow_iterrows` -> the rules told of it; and every function of the program that takes a hundredth of the time and more. */
  async function rulesByFunction(recording: string): Promise<{ readonly told: Map<string, string[]>; readonly hot: Set<string> }> {
    const profile = open(recording, fs.readFileSync(path.join(fixtures, recording)));
    const { findings, warnings } = await find(profile);
    expect(warnings).toEqual([]);
    const told = new Map<string, string[]>();
    for (const { id, rule } of findings) {
      const name = lastName(id.slice(id.indexOf(':') + 1, id.indexOf('@')));
      told.set(name, [...(told.get(name) ?? []), rule]);
    }
    const hot = new Set<string>();
    for (const [key, { total }] of costsByFunction(profile.tables, (tables, func) => lastName(functionAt(tables, functionIndex(func)).name)))
      if (total > 0.03 * profile.totals.active) hot.add(key);
    return { told, hot };
  }
  const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

  describe('Python: a slow and a fine function for each other rule, of a real run', () => {
    const others = pythonRules.filter(({ id }) => !['python-list-copied-in-loop', 'python-list-search-in-loop', 'python-regex-in-function'].includes(id));
    test('nothing else is told', async () => {
      const { told } = await rulesByFunction('shop_rules.speedscope.json');
      expect([...told.keys()].sort()).toEqual(others.map(({ id }) => id.replace('python-', 'slow_').replaceAll('-', '_')).sort());
    });
    test.each(others.map(({ id }) => [id, id.replace('python-', '').replaceAll('-', '_')] as const))('%s', async (id, name) => {
      const { told, hot } = await rulesByFunction('shop_rules.speedscope.json');
      expect([`slow_${name}`, `fine_${name}`].filter((one) => !hot.has(one))).toEqual([]);
      expect(told.get(`slow_${name}`)).toEqual([id]);
      expect(told.get(`fine_${name}`)).toBeUndefined();
    });
  });

  describe('Java: a slow and a fine method for each other rule, of a real run', () => {
    const others = javaRules.filter(({ id }) => !['java-list-search-in-loop', 'java-pattern-in-loop', 'java-string-grown-in-loop'].includes(id));
    const nameOf = (id: string): string => id.replace('java', '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    test('nothing else is told', async () => {
      const { told } = await rulesByFunction('rules.collapsed');
      expect([...told.keys()].sort()).toEqual(others.map(({ id }) => `slow${nameOf(id)}`).sort());
    });
    test.each(others.map(({ id }) => [id, nameOf(id)] as const))('%s', async (id, name) => {
      const { told, hot } = await rulesByFunction('rules.collapsed');
      expect([`slow${name}`, `fine${name}`].filter((one) => !hot.has(one))).toEqual([]);
      expect(told.get(`slow${name}`)).toEqual([id]);
      expect(told.get(`fine${name}`)).toBeUndefined();
    });
  });

  test('Java: stacks without lines count for the function, and say so', async () => {
    const found = await find(open('orders.collapsed', fs.readFileSync(path.join(fixtures, 'orders.collapsed'))));
    expect(found.warnings).toEqual([]);
    expect(told(found).sort()).toEqual([
      'java-list-search-in-loop Orders.java:14',
      'java-pattern-in-loop Orders.java:22',
      'java-string-grown-in-loop Orders.java:30',
    ]);
    const search = found.findings.find(({ rule }) => rule === 'java-list-search-in-loop');
    expect(search?.summary).toMatch(
      /Its function, with the callees that this is about, takes .* The profile has no lines, so how much of that this line takes is not known\.$/,
    );
    expect(found.findings.map(({ level }) => level)).not.toContain('error');
  });

  /** pprof as Go writes it: functions with their package, a line for each location. */
  function pprofOf(stacks: readonly (readonly [frames: string, samples: number])[]): Uint8Array {
    const strings = new StringTable();
    const functions = new Map<string, PprofFunction>();
    const locations = new Map<string, Location>();
    const locationOf = (frame: string): number => {
      const [, name = '', file = '', line = '0'] = /^(.*)@(.*):(\d+)$/.exec(frame) ?? [];
      const func = functions.get(name) ?? new PprofFunction({ id: functions.size + 1, name: strings.dedup(name), filename: strings.dedup(file) });
      functions.set(name, func);
      const location = locations.get(frame) ?? new Location({ id: locations.size + 1, line: [new Line({ functionId: func.id, line: Number(line) })] });
      locations.set(frame, location);
      return Number(location.id);
    };
    const sample = stacks.map(
      ([frames, count]) => new Sample({ locationId: frames.split(' > ').reverse().map(locationOf), value: [count, count * 10_000_000] }),
    );
    return new Profile({
      sampleType: [
        new ValueType({ type: strings.dedup('samples'), unit: strings.dedup('count') }),
        new ValueType({ type: strings.dedup('cpu'), unit: strings.dedup('nanoseconds') }),
      ],
      sample,
      function: [...functions.values()],
      location: [...locations.values()],
      stringTable: strings,
    }).encode();
  }

  test('Go: pprof with lines, methods by their receiver, and nothing for what is cold', async () => {
    const file = '/home/me/shop/orders.go';
    const versions = `shop.(*Orders).Versions@${file}:13`;
    const bytes = pprofOf([
      [`${versions} > regexp.MatchString@/usr/local/go/src/regexp/regexp.go:530 > regexp.compile@/usr/local/go/src/regexp/regexp.go:180`, 40],
      [`shop.render@${file}:23 > runtime.concatstrings@/usr/local/go/src/runtime/string.go:50`, 25],
      [`shop.keys@${file}:31 > fmt.Sprintf@/usr/local/go/src/fmt/print.go:239`, 20],
      [`shop.double@${file}:39 > runtime.growslice@/usr/local/go/src/runtime/slice.go:180`, 15],
      [`shop.cold@${file}:47`, 1],
      ['main.main@/elsewhere/main.go:3', 99],
    ]);
    const found = await find(open('cpu.pb', bytes));
    expect(found.warnings).toEqual([]);
    expect(told(found)).toEqual([
      'go-regexp-in-loop orders.go:13',
      'go-string-grown-in-loop orders.go:23',
      'go-sprintf-conversion orders.go:31',
      'go-append-without-capacity orders.go:39',
    ]);
    expect(found.findings.map(({ samples, share }) => [samples, share])).toEqual([40, 25, 20, 15].map((count) => [count, count / 200]));
  });

  test('a function that the text does not have any more is told, and a name that could be two is left alone', async () => {
    const gone = open('gone.txt', new TextEncoder().encode(Array.from({ length: 60 }, (_, i) => `main${i};shop/Orders.removed 5`).join('\n')));
    expect((await find(gone)).warnings).toEqual([{ kind: 'changed-source', file: path.join(fixtures, 'shop/Orders.java'), functions: 1 }]);
    const finder = async (language: 'java' | 'python' | 'go', text: string) => {
      const tree = (await otherEngine()).parse(language, text);
      const at = functionFinder(tree.root);
      return (name: string, line = -1) => {
        const found = at(name, line);
        return found && `${found.node.startPosition.row}${found.isPart ? ' part' : ''}`;
      };
    };
    const java = await finder('java', 'class A {\n  A() {}\n  void f(int a) {}\n  void f(String a) {}\n  void g() {}\n  class B {\n    void g() {}\n  }\n}\n');
    expect([java('x.A.<init>'), java('A.f'), java('A.f', 3), java('x/A$B.g'), java('x.A.g'), java('A.lambda$f$0', 2)]).toEqual([
      '1',
      undefined,
      '3',
      '6',
      '4',
      '2 part',
    ]);
    const go = await finder('go', 'package m\nfunc (a *A) Run() {}\nfunc (b B) Run() {\n\tgo func() {\n\t\tx()\n\t}()\n}\nfunc Map[T any](x T) {}\n');
    expect([go('m.(*A).Run'), go('m.B.Run'), go('m.Map[...]'), go('m.B.Run.func1', 4), go('m.B.Run.func1')]).toEqual(['1', '2', '7', '3', undefined]);
    const python = await finder('python', 'import x\n@cached\ndef f(xs):\n    return [g(y) for y in xs]\nclass C:\n    def f(self):\n        pass\n');
    expect([python('<module>'), python('f', 3), python('f'), python('C.f'), python('<listcomp>', 3), python('f', 1), python('<lambda>')]).toEqual([
      '0',
      '2',
      undefined,
      '5',
      '2 part',
      '2',
      undefined,
    ]);
  });
});
