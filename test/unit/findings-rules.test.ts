import { describe, expect, test } from 'vitest';
import { deoptWords } from '../../src/core/findings/deopt-reasons';
import type { HotLine } from '../../src/core/findings/evidence';
import { findInProfile } from '../../src/core/findings/find';
import type { Finding } from '../../src/core/findings/finding';
import { defaultThresholds, type Thresholds } from '../../src/core/findings/thresholds';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { functionAt, type ProfileTables } from '../../src/core/profile/tables';
import { functionIndex } from '../../src/shared/brands';
import { profileFromText, rawFromText, readOk } from '../support/raw-profile';

/** Names of functions, so that a test reads. */
const nameOf = (tables: ProfileTables, func: number | undefined) => (func === undefined ? undefined : functionAt(tables, functionIndex(func)).name);
const rulesIn = ({ tables }: BuiltProfile, thresholds: Partial<Thresholds> = {}) =>
  findInProfile(tables, { ...defaultThresholds, ...thresholds }).map((finding) => `${finding.rule} ${finding.level}`);
function one(
  built: BuiltProfile,
  rule: string,
  thresholds: Partial<Thresholds> = {},
): Finding & { marked: (string | undefined)[]; blamed: string | undefined } {
  const finding = findInProfile(built.tables, { ...defaultThresholds, ...thresholds }).find((found) => found.rule === rule);
  if (!finding) throw new Error(`no ${rule}: ${rulesIn(built)}`);
  return { ...finding, marked: finding.functions.map((func) => nameOf(built.tables, func)), blamed: nameOf(built.tables, finding.blame?.func) };
}
/** `count` functions of `times` samples each. */
const many = (count: number, times: number, prefix = 'main') => Array.from({ length: count }, (_, i) => `${prefix} > f${i} x${times}`).join('\n');

describe('one call path among many', () => {
  const text = `
    main > a > parse x30
    main > b > parse x5
    main > c > parse x5
    ${many(30, 2)}
  `;
  test('is told instead of the function, with the share of both', () => {
    const built = profileFromText(text);
    const finding = one(built, 'stack-plateau');
    expect(finding).toMatchObject({ level: 'error', share: 0.3, cost: 30_000, samples: 30 });
    expect(finding.summary).toContain('of 40.0 % of active time that its own code takes on all of them');
    expect(finding.summary).toContain('The path: main > a > parse.');
    expect(rulesIn(built)).not.toContain('plateau error');
  });
  test('needs three callers, and a path that is not nearly all', () => {
    expect(rulesIn(profileFromText(`main > a > parse x35\nmain > b > parse x5\n${many(30, 2)}`))).toEqual(['plateau error']);
    expect(rulesIn(profileFromText(`main > a > parse x97\nmain > b > parse\nmain > c > parse\n${many(45, 2)}`))).toEqual(['plateau error']);
    expect(rulesIn(profileFromText(`main > a > parse x14\nmain > b > parse x13\nmain > c > parse x13\n${many(30, 2)}`))).toEqual(['plateau error']);
  });
});

describe('call paths of which none dominates', () => {
  test('are told as one function with its whole share', () => {
    const built = profileFromText('main > a > parse x105\nmain > b > parse x98\nmain > c > parse x97\n');
    const finding = one(built, 'plateau');
    expect(rulesIn(built)).not.toContain('stack-plateau error');
    expect(finding).toMatchObject({ level: 'error', share: 1, samples: 300 });
  });
  test.each([
    ['half again as much as the next', 'main > a > parse x90\nmain > b > parse x60\nmain > c > parse x50'],
    ['twice the next, on too few samples', 'main > a > parse x16\nmain > b > parse x8\nmain > c > parse x8\nmain > d x12'],
    ['just 60 %, on too few samples', 'main > a > parse x24\nmain > b > parse x15\nmain > c > parse x1'],
  ])('%s', (_, text) => expect(rulesIn(profileFromText(text))).toContain('plateau error'));
  test.each([
    ['over 60 % of the function', 'main > a > parse x130\nmain > b > parse x69\nmain > c > parse x1'],
    ['twice the next of many', 'main > a > parse x80\nmain > b > parse x40\nmain > c > parse x40\nmain > d > parse x40'],
  ])('one that has %s does', (_, text) => expect(rulesIn(profileFromText(text))).toContain('stack-plateau error'));
});

describe('many small calls from one place', () => {
  // Twenty-five callees, each entered four times for a sample.
  const rounds = Array.from({ length: 4 }, () => many(25, 1, 'main > dispatch')).join('\n');
  test('are told where they are entered again and again', () => {
    const built = profileFromText(`${rounds}\n${many(50, 2)}`);
    const finding = one(built, 'thin-towers');
    expect(finding).toMatchObject({ level: 'info', share: 0.5, samples: 100, blamed: 'dispatch', marked: ['dispatch'] });
    expect(finding.summary).toContain('25 different callees share 100.0 % of that');
    expect(rulesIn(built), 'the same in other words').not.toContain('spread info');
  });
  test('phases that follow each other are none', () => {
    expect(rulesIn(profileFromText(`${many(25, 4, 'main > dispatch')}\n${many(50, 2)}`)).join()).not.toContain('thin-towers');
  });
  test('nor is one wide callee among narrow ones', () => {
    expect(rulesIn(profileFromText(`${rounds}\nmain > dispatch > wide x150\n${many(50, 1)}`)).join()).not.toContain('thin-towers');
  });
});

describe('recursion', () => {
  test("an own function on most stacks twice or more, five times on one; not a dependency's, nor a wrapper that is entered again", () => {
    const walk = (file: string) => `main > ${`walk@${file} > `.repeat(6)}f${file.length}@${file} x60\n${many(20, 2)}`;
    const finding = one(
      profileFromText(`main > walk > walk > leaf x15\nmain > ${'walk > '.repeat(5)}twig x15\nmain > walk > walk > bud x30\n${many(20, 2)}`),
      'recursion',
    );
    expect(finding).toMatchObject({ level: 'info', share: 0.6, samples: 60, marked: ['walk'] });
    expect(finding.summary).toContain('up to 5 times');
    expect(rulesIn(profileFromText(`main > time > layout > time > rank > time > leaf x60\n${many(20, 2)}`)).join()).not.toContain('recursion');
    expect(rulesIn(profileFromText(walk('file:///app/node_modules/x/i.js'))).join()).not.toContain('recursion');
    const chain = Array(6).fill('layer@file:///app/a.js:4 > next@file:///app/node_modules/router/index.js:9').join(' > ');
    const below = Array.from({ length: 20 }, (_, i) => `main > ${chain} > part${i} x12`).join('\n');
    expect(rulesIn(profileFromText(below)).join(), 'middleware that calls next').not.toContain('recursion');
    expect(rulesIn(profileFromText(below.replaceAll(' > next@file:///app/node_modules/router/index.js:9', ' > step@file:///app/a.js:20'))).join()).toContain(
      'recursion',
    );
  });
  test('a plateau says so itself', () => {
    const built = profileFromText(`main > fib > fib > fib x60\n${many(20, 2)}`);
    expect(rulesIn(built)).toEqual(['plateau error']);
    expect(one(built, 'plateau').summary).toContain('It calls itself, up to 3 deep.');
  });
  const deep = (frames: number, times: number) => `main > ${Array.from({ length: frames }, () => 'down').join(' > ')} x${times}\n${many(20, 2)}`;
  test('half of a stack that V8 has cut, or the threshold', () => {
    expect(one(profileFromText(deep(254, 60)), 'deep-recursion')).toMatchObject({ level: 'warning', marked: ['down'] });
    expect(one(profileFromText(deep(254, 60)), 'deep-recursion').summary).toContain('deeper than the profile shows');
    expect(rulesIn(profileFromText(deep(200, 60))).join()).not.toContain('deep-recursion');
    expect(rulesIn(profileFromText(deep(200, 60)), { recursionDepth: 150 }).join()).toContain('deep-recursion warning');
    expect(rulesIn(profileFromText(deep(254, 3))).join(), 'three samples are no evidence').not.toContain('deep-recursion');
  });
  test('the depth is a note where the time is spent in what is called', () => {
    const down = Array.from({ length: 253 }, () => 'down').join(' > ');
    const leaf = one(profileFromText(`${down} > sum x60\n${many(20, 2)}`), 'deep-recursion');
    expect(leaf).toMatchObject({ level: 'info', cost: 60_000 });
    expect(leaf.summary).toContain('Itself it takes 0.0 % of that');
    const turns = Array.from({ length: 127 }, () => 'there > back').join(' > ');
    const mutual = one(profileFromText(`${turns} x40\n${turns.slice(0, -' > back'.length)} x20\n${many(20, 2)}`), 'deep-recursion');
    expect(mutual.level).toBe('warning');
  });
  test('a hundred thousand frames take no time and no stack', () => {
    const nodes = [{ id: 1, callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 }, children: [2] }];
    for (let id = 2; id <= 100_001; id++)
      nodes.push({
        id,
        callFrame: { functionName: 'down', scriptId: '1', url: 'file:///a.js', lineNumber: 0, columnNumber: 0 },
        children: id <= 100_000 ? [id + 1] : [],
      });
    const samples = Array.from({ length: 100 }, () => 100_001);
    const built = readOk({ nodes, samples, timeDeltas: samples.map(() => 1000), startTime: 0, endTime: 101_000 });
    expect(one(built, 'deep-recursion').summary).toContain('It fills 100,000 frames of one stack, while');
  });
});

describe('work of the runtime', () => {
  const rest = many(40, 5);
  test.each<[string, string, string]>([
    ['sync-fs', 'main > load > readFileSync@node:fs > readFileUtf8@- x300', 'readFileSync'],
    ['sync-child-process', 'main > load > execSync@node:child_process > spawnSync@node:internal/child_process x300', 'execSync'],
    ['crypto', 'main > load > pbkdf2Sync@node:internal/crypto/pbkdf2 x300', 'pbkdf2Sync'],
    ['sync-zlib', 'main > load > gzipSync@node:zlib > processChunkSync@node:zlib x300', 'gzipSync'],
    ['module-loading', 'main > load@file:///app/load.js > require@node:internal/modules/helpers > readFileSync@node:fs > readFileUtf8@- x300', 'require'],
    ['timers', 'main > load > setTimeout@node:timers > insert@node:internal/timers x300', 'setTimeout'],
    ['structured-clone', 'main > load > structuredClone@- x300', 'structuredClone'],
    ['json', 'main > load > stringify@- x300', 'stringify'],
    ['regexp', 'main > load > RegExp: (a+)+$@- x300', 'RegExp: (a+)+$'],
  ])('%s is told by its kind, and blames the own code that asks for it', (rule, stack, entry) => {
    const built = profileFromText(`${stack}\n${rest}`);
    const finding = one(built, rule);
    expect(finding).toMatchObject({ share: 0.6, samples: 300, blamed: 'load' });
    expect(finding.marked[0]).toBe(entry);
    expect(finding.level).toBe(rule === 'module-loading' ? 'warning' : 'error');
    expect(rulesIn(built).join(), 'no plateau says the same').not.toContain('plateau');
  });
  test('microtasks count by themselves, not what they run', () => {
    expect(one(profileFromText(`processTicksAndRejections@node:internal/process/task_queues x100\n${many(80, 5)}`), 'microtasks')).toMatchObject({
      share: 0.2,
      level: 'warning',
    });
    expect(rulesIn(profileFromText(`processTicksAndRejections@node:internal/process/task_queues > task > work x100\n${many(80, 5)}`)).join()).not.toContain(
      'microtasks',
    );
  });
  test("the user's code below is not the runtime's: a module's top level, a timer's callback", () => {
    const stack = 'require@node:internal/modules/helpers > _load@node:internal/modules/cjs/loader > top > slow x300';
    expect(rulesIn(profileFromText(`${stack}\n${rest}`))).toEqual(['plateau error']);
    expect(rulesIn(profileFromText(`listOnTimeout@node:internal/timers > tick > slow x300\n${rest}`))).toEqual(['plateau error']);
  });
  test('Promise-based file access, and parse of another kind, are none', () => {
    expect(rulesIn(profileFromText(`main > load > readFile@node:internal/fs/promises x300\n${rest}`)).join()).not.toContain('sync-fs');
    expect(rulesIn(profileFromText(`main > load > URL@node:internal/url > parse@- x300\n${rest}`)).join()).not.toContain('json');
  });
  test('little of it is a note or nothing', () => {
    expect(rulesIn(profileFromText(`main > load > readFileSync@node:fs x60\n${many(8, 5)}`))).toContain('sync-fs info');
    expect(rulesIn(profileFromText(`main > load > readFileSync@node:fs x15\n${many(5, 5)}`)).join()).not.toContain('sync-fs');
    expect(rulesIn(profileFromText(`main > load > readFileSync@node:fs x49\n${many(91, 5)}`)).join()).not.toContain('sync-fs');
    expect(rulesIn(profileFromText(`main > load > readFileSync@node:fs x49\n${many(91, 5)}`), { runtime: 0.09 })).toContain('sync-fs info');
  });
  test('a line that calls JSON has the time of the built-in, which has no frame', () => {
    const { tables } = profileFromText(`main > save x300\n${rest}`);
    const lines: HotLine[] = [
      { line: 7, self: 250_000, ticks: 250, text: '  return JSON.parse(JSON.stringify(state));' },
      { line: 8, self: 50_000, ticks: 50, text: '  for (const one of list) sum += one;' },
    ];
    const linesOf = (func: number) => (nameOf(tables, func) === 'save' ? lines : []);
    const found = findInProfile(tables, defaultThresholds, undefined, linesOf);
    expect(found.map(({ rule, level }) => `${rule} ${level}`)).toEqual(['json error']);
    expect(found[0]).toMatchObject({ share: 0.5, cost: 250_000, samples: 250, blame: { line: 7, cost: 250_000 } });
  });
  test('patterns of regular expressions are named with their parts', () => {
    const finding = one(profileFromText(`main > check > RegExp: a+@- x100\nmain > check > RegExp: b*@- x100\n${many(40, 5)}`), 'regexp');
    expect(finding.summary).toContain('/a+/ (50.0 %), /b*/ (50.0 %)');
  });
});

test('garbage collection names several who allocate, with their parts', () => {
  const finding = one(
    profileFromText(
      `main > a\n(garbage collector) x60\nmain > lib@file:///app/node_modules/x/i.js\n(garbage collector) x30\nmain > c\n(garbage collector) x5\n${many(40, 5)}`,
    ),
    'gc',
  );
  expect(finding.summary).toContain('It follows a (63.2 % of it), lib (31.6 % of it).');
  expect(finding).toMatchObject({ blamed: 'a', level: 'warning' });
});

describe('deoptimised functions', () => {
  const withReason = (reason: string, times: number) => {
    const raw = rawFromText(`main > slow x${times}\n${many(40, 5)}`);
    for (const node of raw.nodes) if (node.callFrame.functionName === 'slow') node.deoptReason = reason;
    return readOk(raw);
  };
  test("are told with V8's reason in plain words", () => {
    const finding = one(withReason('Function is too big to be optimized', 100), 'deopt');
    expect(finding).toMatchObject({ level: 'warning', blamed: 'slow', samples: 100 });
    expect(finding.summary).toMatch(/^The function is too long for V8 to optimise \("Function is too big to be optimized"\)\. /);
    expect(rulesIn(withReason('wrong map', 30)).join()).toContain('deopt info');
  });
  test('are silent where they are not hot, and where there is no reason', () => {
    expect(rulesIn(withReason('wrong map', 8)).join()).not.toContain('deopt');
    expect(rulesIn(withReason('no reason', 100)).join()).not.toContain('deopt');
  });
  test.each([
    ['Optimization is always disabled', 'instructed not to optimise'],
    ['Bailed out due to dependency change', 'what it relied on changed'],
    ['Maps became deprecated during optimization', 'what it relied on changed'],
    ['Insufficient type feedback for call', 'had not seen run'],
    ['not a Smi', 'Numbers of another kind'],
    ['lost precision or NaN', 'Numbers of another kind'],
    ['out of bounds', 'beyond its end'],
    ['wrong call target', 'Another function was called'],
    ['prepare for on stack replacement (OSR)', 'middle of a loop'],
    ['A reason of another year', 'V8 gave up optimising it: A reason of another year'],
    ['evil\u001b[31m\nreason', 'V8 gave up optimising it: evil\u241b[31m\u240areason'],
  ])('%j', (reason, words) => expect(deoptWords(reason).why).toContain(words));
});

describe('mostly idle', () => {
  test('is waiting: told of the recorded time, and nothing that computes is called the bottleneck', () => {
    const built = profileFromText(`main > hot x60\n${many(20, 2)}\n(idle) x900`);
    expect(rulesIn(built)).toEqual(['plateau warning', 'mostly-idle info']);
    expect(one(built, 'mostly-idle')).toMatchObject({ share: 0.9, cost: 900_000, samples: 900, blame: undefined });
    expect(rulesIn(built, { idle: 0.95 })).toEqual(['plateau error']);
  });
  test('is told though there are too few active samples for anything else', () => {
    expect(rulesIn(profileFromText('main > hot x10\n(idle) x900'))).toEqual(['mostly-idle info']);
    expect(rulesIn(profileFromText('main > hot x2\n(idle) x20'))).toEqual([]);
  });
});

test('(program) of a worker thread that runs nothing else is reading what it is sent', () => {
  const thread = (number: number) => ({
    name: `${number}`,
    process: 1,
    thread: number,
    startTime: 0,
    endTime: 100_000,
    active: 100_000,
    waiting: 0,
    samples: 100,
  });
  const titleOf = (shown: number, text: string): string | undefined => {
    const { tables } = profileFromText(text);
    const found = findInProfile(tables, defaultThresholds, undefined, undefined, { all: [thread(0), thread(1)], shown: [shown] });
    return found.find(({ rule }) => rule === 'program')?.title;
  };
  expect(titleOf(1, '(program) x60\n(garbage collector) x35\na x5')).toBe('The thread mostly reads what it is sent');
  expect(titleOf(0, '(program) x60\n(garbage collector) x35\na x5')).toBe('Time outside of functions');
  expect(titleOf(1, '(program) x60\n(garbage collector) x10\na x30')).toBe('Time outside of functions');
});

test('(program) from a quarter on', () => {
  expect(one(profileFromText(`(program) x30\n${many(35, 2)}`), 'program')).toMatchObject({ share: 0.3, level: 'info', marked: ['(program)'] });
  expect(rulesIn(profileFromText(`(program) x20\n${many(40, 2)}`)).join()).not.toContain('program');
});

test('focus is no echo of one finding that holds as much', () => {
  expect(rulesIn(profileFromText(`main > hot x85\nmain > a\n main > b\n${many(6, 2)}`))).toEqual(['plateau error']);
});

test('what Plateau itself ran is nobody to blame', () => {
  expect(rulesIn(profileFromText(`main > Plateau@node:plateau x60\n${many(20, 2)}`)).join()).not.toContain('plateau');
});

test('each cost is told in its own unit where it is no time, without sizes of time', () => {
  const built = profileFromText(`main > hot x60\n${many(20, 2)}`);
  const tables: ProfileTables = { ...built.tables, unit: 'bytes' };
  const [finding] = findInProfile(tables, defaultThresholds);
  expect(finding?.summary).toContain('of all bytes');
  expect(finding?.summary).toContain('60.0 kB');
});
