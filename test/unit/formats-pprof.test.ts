import { Line, Location, Function as PprofFunction, Profile, Sample, StringTable, ValueType } from 'pprof-format';
import { describe, expect, test } from 'vitest';
import { linearMatcher } from '../../src/core/formats/read/linear-match';
import { describeWarning } from '../../src/service/profile/describe-warning';
import { selectProfile } from '../../src/service/profile/import-profile';
import { mainOf, readAny, stacksText } from '../support/formats';

interface Content {
  readonly types: readonly (readonly [type: string, unit: string])[];
  /** Frames leaf first, those of one location joined by `<`, the innermost first. */
  readonly samples: readonly (readonly [stack: readonly string[], ...values: number[]])[];
  readonly drop?: string;
  readonly keep?: string;
}

function make({ types, samples, drop = '', keep = '' }: Content): Uint8Array {
  const strings = new StringTable();
  const s = (text: string): number => strings.dedup(text);
  const functions = new Map<string, PprofFunction>();
  const locations = new Map<string, Location>();
  const functionOf = (name: string): number => {
    if (!functions.has(name)) functions.set(name, new PprofFunction({ id: functions.size + 1, name: s(name) }));
    return Number(functions.get(name)?.id);
  };
  const locationOf = (text: string): number => {
    if (!locations.has(text)) {
      const line = text.split('<').map((name) => new Line({ functionId: functionOf(name), line: 1 }));
      locations.set(text, new Location({ id: locations.size + 1, line }));
    }
    return Number(locations.get(text)?.id);
  };
  const sample = samples.map(([stack, ...value]) => new Sample({ locationId: stack.map(locationOf), value }));
  return new Profile({
    sampleType: types.map(([type, unit]) => new ValueType({ type: s(type), unit: s(unit) })),
    sample,
    location: [...locations.values()],
    function: [...functions.values()],
    dropFrames: s(drop),
    keepFrames: s(keep),
    stringTable: strings,
  }).encode();
}

const one = (samples: Content['samples'], rest: Partial<Content> = {}) => mainOf(readAny(make({ types: [['space', 'bytes']], samples, ...rest })));

// github.com/google/pprof, internal/measurement/measurement.go.
test.each([
  ['ns', 'microseconds', 0.001],
  ['nanosecond', 'microseconds', 0.001],
  ['us', 'microseconds', 1],
  ['μs', 'microseconds', 1],
  ['microseconds', 'microseconds', 1],
  ['ms', 'microseconds', 1000],
  ['Milliseconds', 'microseconds', 1000],
  ['s', 'microseconds', 1e6],
  ['sec', 'microseconds', 1e6],
  ['seconds', 'microseconds', 1e6],
  ['hrs', 'microseconds', 3600e6],
  ['b', 'bytes', 1],
  ['bytes', 'bytes', 1],
  ['kB', 'bytes', 1024],
  ['kilobytes', 'bytes', 1024],
  ['MB', 'bytes', 1 << 20],
  ['gigabyte', 'bytes', 2 ** 30],
  ['count', 'count', 1],
  ['GCU', 'count', 1],
  ['', 'count', 1],
])('unit %s', (name, unit, factor) => {
  const { tables } = mainOf(readAny(make({ types: [['a', name]], samples: [[['f'], 3]] })));
  expect(tables.unit).toBe(unit);
  expect(tables.nodes.total[0]).toBeCloseTo(3 * factor, 9);
});

test('several sample types are never added up', () => {
  const types = [
    ['alloc_space', 'bytes'],
    ['inuse_space', 'bytes'],
  ] as const;
  const merged = selectProfile(readAny(make({ types, samples: [[['f'], 5, 2]] })), 'merge');
  expect(merged.ok && [merged.value.tables.nodes.total[0], merged.value.warnings]).toEqual([2, [{ kind: 'left-out', count: 1 }]]);
});

test('more sample types than are read are told', () => {
  const types = Array.from({ length: 18 }, (_, i) => [`t${i}`, 'count'] as const);
  const file = readAny(make({ types, samples: [[['f'], ...types.map(() => 1)]] }));
  expect([file.profiles.length, mainOf(file).warnings]).toEqual([16, [{ kind: 'unread-measures', count: 2 }]]);
});

// profile/prune.go: Prune, of the example in its comment and by its rules.
describe('drop_frames', () => {
  test('an allocator and what it calls is its caller’s', () => {
    const built = one([[['tc_malloc', 'alloc', 'main'], 4096]], { drop: 'tc_malloc|malloc' });
    expect(stacksText(built)).toBe('main 4096 (0)\n  alloc 4096 (4096)');
    expect(stacksText(one([[['inner', 'tc_malloc', 'main'], 8]], { drop: 'tc_malloc' }))).toBe('main 8 (8)');
  });

  test('the first from the root counts', () => {
    // [A,B,C,B,D], leaf first, D outermost: Prune(B) leaves [D].
    expect(stacksText(one([[['A', 'B', 'C', 'B', 'D'], 1]], { drop: 'B' }))).toBe('D 1 (1)');
  });

  test('nothing is left out before the first frame that stays', () => {
    expect(stacksText(one([[['f', 'malloc', 'malloc'], 1]], { drop: 'malloc' }))).toBe('malloc 1 (0)\n  malloc 1 (0)\n    f 1 (1)');
    expect(stacksText(one([[['malloc'], 1]], { drop: 'malloc' }))).toBe('malloc 1 (1)');
    expect(stacksText(one([[['malloc', 'f', 'malloc'], 1]], { drop: 'malloc' }))).toBe('malloc 1 (0)\n  f 1 (1)');
  });

  test('keep_frames saves some of them', () => {
    expect(stacksText(one([[['new_page', 'main'], 1]], { drop: 'new.*', keep: 'new_page' }))).toBe('main 1 (0)\n  new_page 1 (1)');
    expect(stacksText(one([[['new_thing', 'main'], 1]], { drop: 'new.*', keep: 'new_page' }))).toBe('main 1 (1)');
  });

  test('the whole name has to match, without its arguments', () => {
    expect(stacksText(one([[['my_malloc', 'main'], 1]], { drop: 'malloc' }))).toContain('my_malloc');
    for (const name of ['malloc(size_t)', '.malloc', 'malloc(void (*)(int))'])
      expect(stacksText(one([[[name, 'main'], 1]], { drop: 'malloc' }))).toBe('main 1 (1)');
    expect(stacksText(one([[['(anonymous namespace)::alloc(int)', 'main'], 1]], { drop: '\\(anonymous namespace\\)::alloc' }))).toBe('main 1 (1)');
    expect(stacksText(one([[['T::operator()(int)', 'main'], 1]], { drop: '.*operator\\(\\)' }))).toBe('main 1 (1)');
  });

  test('of functions inlined in one place the outer ones stay', () => {
    expect(stacksText(one([[['leaf', 'inner<malloc<outer', 'main'], 1]], { drop: 'malloc' }))).toBe('main 1 (0)\n  outer 1 (1)');
  });

  test('an expression that cannot be read is told, and one that is made to run for ever does not', () => {
    const bad = one([[['f', 'main'], 1]], { drop: '(?=f)f' });
    expect([stacksText(bad), bad.warnings]).toEqual(['main 1 (0)\n  f 1 (1)', [{ kind: 'unread-drop-frames' }]]);
    const slow = one([[[`${'a'.repeat(3000)}!`, 'main'], 1]], { drop: '(a*)*(a|aa)+b' });
    expect(stacksText(slow)).toContain('a!');
  });
});

// Compared with JavaScript's own, where both know the syntax.
describe('expressions', () => {
  const patterns = [
    'malloc',
    'a|b|',
    '(ab)+c?',
    '[a-c]+[^d]',
    'x{2,3}',
    '(?:ab){0,2}',
    'a.*b',
    '\\(x\\)',
    '^a$',
    '\\bfoo\\b.*',
    '[\\w:]+',
    '[]a]',
    'a{,2}',
    'a{1001}',
    'operator new(\\[\\])?',
    '\\d+\\s\\w*',
    '(a*)*',
    '(a|b)*?c',
    '[a\\-z]+',
    '',
    '()',
    'a{2}',
  ];
  const texts = [
    'malloc',
    'a',
    'b',
    '',
    'abab',
    'ababc',
    'abd',
    'ace',
    'xx',
    'xxx',
    'xxxx',
    'ab',
    'a--b',
    '(x)',
    'foo bar',
    'food',
    'std::x',
    ']',
    'aaa',
    'a{,2}',
    'operator new',
    'operator new[]',
    '12 ab',
    'aabc',
    'a-z',
    'é',
  ];
  test.each(patterns)('%s', (pattern) => {
    const own = linearMatcher(pattern);
    let reference: RegExp | undefined;
    try {
      reference = new RegExp(`^(?:${pattern})$`, pattern === '[]a]' ? '' : 'u');
    } catch {
      reference = undefined;
    }
    // JavaScript takes [] for an empty class, RE2 the bracket for its first member; RE2 has no more than 1000 repeats.
    if (pattern === '[]a]') return expect(texts.filter((text) => own?.matches(text))).toEqual(['a', ']']);
    if (pattern === 'a{1001}') return expect(own).toBeUndefined();
    if (pattern === 'a{,2}') return expect(texts.filter((text) => own?.matches(text))).toEqual(['a{,2}']);
    expect(texts.filter((text) => own?.matches(text))).toEqual(texts.filter((text) => reference?.test(text)));
  });

  test('any letter case', () => {
    expect(['MALLOC', 'Malloc', 'mallox'].map((text) => linearMatcher('(?i)mAlloc')?.matches(text))).toEqual([true, true, false]);
  });

  test.each(['(', 'a)', '[a', '*', 'a**', '\\pL', '(?=a)', '[[:alpha:]]', '\\Qa', 'a{3,2}', '((a{500}){500}){500}'])('%s is not read', (pattern) => {
    expect(linearMatcher(pattern)).toBeUndefined();
  });

  test('a thousand and one alternatives', () => {
    const own = linearMatcher(Array.from({ length: 1001 }, (_, i) => `f${i}`).join('|'));
    expect([own?.matches('f1000'), own?.matches('f1001')]).toEqual([true, false]);
  });
});

// go tool pprof shows the balance; what a picture of costs can show are its two sides.
describe('values below zero: the difference of two profiles', () => {
  const samples: Content['samples'] = [
    [['a'], -1000],
    [['a', 'b'], 3000],
  ];

  test('what became more and what became less are profiles of their own', () => {
    const file = readAny(make({ types: [['inuse_space', 'bytes']], samples }));
    expect(file.profiles.map(({ name, built }) => [name, stacksText(built)])).toEqual([
      ['inuse_space', 'b 3000 (0)\n  a 3000 (3000)'],
      ['inuse_space, less', 'a 1000 (1000)'],
    ]);
    expect([file.main, mainOf(file).warnings]).toEqual([0, [{ kind: 'difference', unit: 'bytes', more: 3000, less: 1000 }]]);
    expect(describeWarning({ kind: 'difference', unit: 'bytes', more: 3000, less: 1000 })).toContain(
      'difference of two profiles: 3.00 kB more and 1.00 kB less, 2.00 kB on balance',
    );
  });

  test('all of it less', () => {
    const file = readAny(make({ types: [['cpu', 'ns']], samples: [[['a'], -5000]] }));
    expect([file.profiles[file.main]?.name, mainOf(file).tables.nodes.total[0]]).toEqual(['cpu, less', 5]);
  });
});
