import { describe, expect, test } from 'vitest';
import { diagnose } from '../../src/core/doctor/diagnose';
import type { Diagnosis } from '../../src/core/doctor/diagnosis';
import type { HeapAtEnd, Measurements } from '../../src/core/doctor/measurements';
import { profileSummary } from '../../src/core/doctor/profile-summary';
import { type OperationSite, readVitals, type Vitals } from '../../src/core/doctor/vitals';
import { isInLoop, lineOfCall } from '../../src/source/parse/call-lines';
import { profileFromText } from '../support/raw-profile';
import { quietVitals } from '../support/vitals';

const MS = 1000;

const vitals = (given: Partial<Vitals> = {}): Vitals => quietVitals({ cpu: { user: 1000 * MS, system: 0 }, ...given });

function site(given: Partial<OperationSite>): OperationSite {
  const frames = [{ file: '/app/main.js', line: 7, column: 3, name: 'load', isMapped: false }];
  return { kind: 'http', target: 'GET http://127.0.0.1/items/:id', frames, count: 0, finished: 0, total: 0, longest: 0, busy: 0, maxInFlight: 1, ...given };
}

/** `used` in MB, evenly over the time, and what is live at the end. */
const memory = (used: readonly number[], milliseconds = 4000): Vitals['memory'] =>
  used.map((mb, at) => ({ at: (at * milliseconds * MS) / (used.length - 1), heapUsed: mb * 1e6, external: 0, rss: 0 }));
const live = (mb: number): HeapAtEnd => ({ live: mb * 1e6, holders: [] });

function measured(profile: string, rest: Partial<Omit<Measurements, 'profile'>> = {}): Measurements {
  const { tables } = profileFromText(profile);
  return { profile: profileSummary(tables, rest.vitals?.blocks.longest), vitals: vitals(), heap: undefined, exit: { code: 0, signal: null }, ...rest };
}

/** The way that was taken, and where it ends: `enough: yes > growth: no > … > cpu-hot (error)`. */
function walk({ turns, verdict }: Diagnosis): string {
  const taken = turns.map(({ id, answers }) => `${id}: ${answers.filter(({ isTaken }) => isTaken).map(({ label }) => label)}`);
  return [...taken, verdict.level ? `${verdict.branch} (${verdict.level})` : verdict.branch].join(' > ');
}

/** The thread that is judged, and a worker that computed for so long. */
const threads = (active: number, endTime = 3000 * MS): Measurements['threads'] => ({
  all: [20 * MS, active].map((one, thread) => ({
    name: ['main.js', 'task.js'][thread] ?? '',
    process: 7,
    thread,
    startTime: 0,
    endTime,
    active: one,
    waiting: 0,
    samples: 9,
  })),
  shown: [0],
});

const IDLE = '(idle) x2700\n main > work x300';
const NO = 'enough: yes > growth: no > gc: no > loop: no';
const stopped = { exit: undefined };

describe('the decision tree', () => {
  test.each<[string, Measurements, string]>([
    ['one wide function', measured('main > work x900\n main x100'), `${NO} > computing: computes in one place > cpu-hot (error)`],
    ['a quarter in one function', measured(`main > work x250\n${many(30, 25)}`), `${NO} > computing: computes in one place > cpu-hot (warning)`],
    [
      'foreign code counts for who calls it',
      measured('main > work > parse@node:json x900\n main x100'),
      `${NO} > computing: computes in one place > cpu-hot (error)`,
    ],
    ['nothing stands out', measured(many(40, 25)), `${NO} > computing: computes, spread > cpu-spread (info)`],
    [
      'it waits for its own threads',
      measured(IDLE, { threads: threads(2_000 * MS) }),
      `${NO} > computing: waits > threads: yes, CPU > cpu-elsewhere (warning)`,
    ],
    [
      'its own threads did nothing',
      measured(IDLE, { threads: threads(5 * MS) }),
      `${NO} > computing: waits > threads: no > sequence: no > what: nothing that is slow > healthy`,
    ],
    [
      'little to do itself, but not quick: its threads compute',
      measured('(idle) x150\nmain x60', { vitals: vitals({ cpu: { user: 90 * MS, system: 0 } }), threads: threads(150 * MS, 210 * MS) }),
      `${NO} > computing: waits > threads: yes, CPU > cpu-elsewhere (warning)`,
    ],
    ['quick and done', measured('main x60', { vitals: vitals({ cpu: { user: 90 * MS, system: 0 } }) }), 'enough: it is quick > healthy'],
    ['stopped at once', measured('main x60', stopped), 'enough: too little > inconclusive'],
    ['failed at once', measured('main x60', { exit: { code: 1, signal: null } }), 'enough: too little > inconclusive'],
    [
      'half garbage collection',
      measured('main > work x500\n main > (garbage collector) x500'),
      'enough: yes > growth: no > gc: yes, memory > memory-gc (error)',
    ],
    [
      'some garbage collection beside a wide function',
      measured('main > work x800\n main > (garbage collector) x200'),
      `${NO} > computing: computes in one place > cpu-hot (error)`,
    ],
    [
      'threads without JavaScript compute',
      measured(IDLE, { vitals: vitals({ cpu: { user: 2000 * MS, system: 0 }, sites: [site({ count: 2, finished: 2, total: 2600 * MS, busy: 2600 * MS })] }) }),
      `${NO} > computing: waits > sequence: no > what: work outside of JavaScript > cpu-elsewhere (warning)`,
    ],
    [
      'the CPU time of the process is that of its main thread, which samples do not show',
      measured(IDLE, {
        vitals: vitals({
          cpu: { user: 2000 * MS, system: 0, own: 1800 * MS },
          sites: [site({ count: 2, finished: 2, total: 2600 * MS, busy: 2600 * MS })],
        }),
      }),
      `${NO} > computing: waits > sequence: no > what: slow answers, I/O > io (warning)`,
    ],
    [
      'the CPU time of the process is that of its other threads, which are few',
      measured(IDLE, { vitals: vitals({ cpu: { user: 600 * MS, system: 0 } }), threads: threads(100 * MS) }),
      `${NO} > computing: waits > threads: no > sequence: no > what: nothing that is slow > healthy`,
    ],
    [
      'a worker that waits: not measured',
      measured(IDLE, { vitals: undefined, isWorker: true, threads: threads(5 * MS) }),
      `${NO} > computing: waits > threads: no > inconclusive`,
    ],
    ['waiting without measurements', measured(IDLE, { vitals: undefined }), `${NO} > computing: waits > inconclusive`],
    [
      'an idle server',
      measured(IDLE, { vitals: vitals({ isListening: true }), ...stopped }),
      `${NO} > computing: waits > sequence: no > what: nothing that is slow > healthy`,
    ],
  ])('%s', (_, measurements, expected) => {
    expect(walk(diagnose(measurements))).toBe(expected);
  });

  test.each<[string, readonly number[], number, string]>([
    ['grows to the end', [10, 12, 15, 19, 22, 26, 29, 33, 36, 40], 40, 'growth: yes, memory > memory-growth (error)'],
    ['only garbage', [10, 12, 15, 19, 22, 26, 29, 33, 36, 40], 12, 'growth: no'],
    ['a cache that fills up', [10, 20, 30, 45, 50, 50, 50, 50, 50, 50], 50, 'growth: no'],
    ['a few MB', [10, 11, 11, 12, 12, 13, 13, 14, 14, 15], 15, 'growth: no'],
  ])('memory: %s', (_, used, atEnd, expected) => {
    const text = walk(diagnose(measured(IDLE, { vitals: vitals({ memory: memory(used), isListening: true }), heap: live(atEnd), ...stopped })));
    expect(text).toContain(expected);
  });

  test('memory of a program that does its work and ends is its data', () => {
    const grown = { vitals: vitals({ memory: memory([10, 12, 15, 19, 22, 26, 29, 33, 36, 40]) }), heap: live(40) };
    expect(walk(diagnose(measured('main > work x3000', grown)))).toContain('growth: no');
    expect(walk(diagnose(measured('main > work x3000', { ...grown, exit: undefined })))).toContain('memory-growth');
  });

  const block = (start: number, milliseconds: number, waiting = 2, cpu = milliseconds): Vitals['blocks']['longest'][number] => ({
    start: start * MS,
    end: (start + milliseconds) * MS,
    cpu: cpu * MS,
    waiting,
  });
  const busyServer = 'main > handle x600\n (idle) x400';
  test.each<[string, Vitals['blocks']['longest'], string]>([
    ['one long task', [block(0, 400)], 'loop: yes, concurrency > loop-blocked (error)'],
    ['many', [block(0, 60), block(100, 60), block(200, 60)], 'loop: yes, concurrency > loop-blocked (error)'],
    ['nobody waits', [block(0, 400, 0)], 'loop: no'],
    ['a busy machine, not a busy thread', [block(0, 400, 2, 10)], 'loop: no'],
    ['one short one', [block(0, 90)], 'loop: no'],
  ])('the loop: %s', (_, longest, expected) => {
    const given = { vitals: vitals({ blocks: { count: longest.length, longest }, isListening: true }), ...stopped };
    expect(walk(diagnose(measured(busyServer, given)))).toContain(expected);
  });

  test('what ran while the loop stood is blamed, not what ran most', () => {
    const text = 'main > handle x300\n main > other x500\n (idle) x700';
    const found = diagnose(measured(text, { vitals: vitals({ blocks: { count: 1, longest: [block(0, 300)] }, isListening: true }), ...stopped }));
    expect(found.verdict.summary).toContain('handle');
  });

  test('a synchronous child process is told by where the thread stands', () => {
    const text = 'main > ask > execFileSync@node:child_process > spawnSync@node:internal/child_process x900\n main x100';
    const found = diagnose(measured(text, { vitals: vitals({ cpu: { user: 40 * MS, system: 0 } }) }));
    expect(walk(found)).toBe('enough: yes > growth: no > gc: no > loop: yes, concurrency > loop-blocked (error)');
  });

  const busy = (share: number): number => share * 3000 * MS;
  test.each<[string, Partial<Vitals>, string]>([
    ['one after another', { sites: [site({ count: 60, finished: 60, total: busy(0.9), busy: busy(0.9) })] }, 'sequential (error)'],
    ['sixteen at a time', { sites: [site({ count: 600, finished: 600, total: busy(9), busy: busy(0.9), maxInFlight: 16 })] }, 'healthy'],
    ['too few to be a sequence', { sites: [site({ count: 4, finished: 4, total: busy(0.9), busy: busy(0.9), longest: busy(0.3) })] }, 'io (warning)'],
    ['a small part of the time', { sites: [site({ count: 60, finished: 60, total: busy(0.2), busy: busy(0.2) })] }, 'healthy'],
    [
      'one at a time for each request of a server',
      {
        sites: [site({ count: 200, finished: 200, total: busy(2.5), busy: busy(1), maxInFlight: 3 })],
        incoming: { count: 10, total: busy(2.6), busy: busy(1), maxInFlight: 3, ports: [3000] },
        isListening: true,
      },
      'sequential (error)',
    ],
    [
      'all at once for each request of a server',
      {
        sites: [site({ count: 200, finished: 200, total: busy(2.5), busy: busy(0.5), maxInFlight: 60 })],
        incoming: { count: 10, total: busy(0.5), busy: busy(0.5), maxInFlight: 3, ports: [3000] },
        isListening: true,
      },
      'healthy',
    ],
    [
      'one at a time from a server of the same program',
      {
        sites: [site({ target: 'GET http://localhost:3000/:id', count: 60, finished: 60, total: busy(0.9), busy: busy(0.9) })],
        incoming: { count: 60, total: busy(0.85), busy: busy(0.85), maxInFlight: 1, ports: [3000] },
      },
      'sequential (error)',
    ],
    [
      'one answer for each request, which come one at a time',
      {
        sites: [site({ target: 'GET http://localhost:4000/:id', count: 60, finished: 60, total: busy(0.9), busy: busy(0.9) })],
        incoming: { count: 60, total: busy(0.95), busy: busy(0.95), maxInFlight: 1, ports: [3000] },
        isListening: true,
      },
      'healthy',
    ],
    [
      'a timer, again and again',
      { sites: [site({ kind: 'timer', target: '100 ms', count: 27, finished: 27, total: busy(0.95), busy: busy(0.95) })] },
      'timers (warning)',
    ],
    [
      'a server with a timer',
      { sites: [site({ kind: 'timer', target: '100 ms', count: 27, finished: 27, total: busy(0.95), busy: busy(0.95) })], isListening: true },
      'healthy',
    ],
  ])('waiting: %s', (_, given, expected) => {
    const text = walk(diagnose(measured(IDLE, { vitals: vitals(given) })));
    expect(text.split(' > ').at(-1), text).toBe(expected);
  });
});

test('what is not a sequence is told by what the figures say', () => {
  const incoming = { count: 60, total: 2_800_000, busy: 2_800_000, maxInFlight: 1, ports: [3000] };
  const one = site({ target: 'GET http://localhost:4000/:id', count: 60, finished: 60, total: 2_700_000, busy: 2_700_000 });
  const { turns } = diagnose(measured(IDLE, { vitals: vitals({ sites: [one], incoming, isListening: true }) }));
  expect(turns.find(({ id }) => id === 'sequence')?.reason).toContain('fewer than 5');
});

describe('a program that ended with an error', () => {
  const failed = { exit: { code: 3, signal: null } };
  test('is not healthy, and its end is said first', () => {
    const { verdict } = diagnose(measured(`main > work x100\n(idle) x2900`, failed));
    expect(verdict.branch).toBe('inconclusive');
    expect(verdict.title).toBe('The program failed');
    expect(verdict.summary).toMatch(/^It ended with exit code 3,/);
    expect(verdict.next).toBe('again');
  });
  test('keeps the verdict that its measurements have', () => {
    const { verdict } = diagnose(measured('main > work x3000', failed));
    expect(verdict.branch).toBe('cpu-hot');
    expect(verdict.summary).toMatch(/^The program ended with exit code 3\. /);
  });
  test.each([
    { code: 130, signal: null },
    { code: null, signal: 'SIGINT' },
    { code: null, signal: 'SIGTERM' },
  ])('an interrupt is no error: $code $signal', (exit) => {
    expect(diagnose(measured('main > work x3000', { exit })).verdict.summary).not.toContain('ended with');
  });
});

describe('the words about the loop fit its figures', () => {
  test('CPU time is called that, and the time by the clock stands beside it', () => {
    const longest = [0, 1, 2].map((at) => ({ start: at * 1e6, end: at * 1e6 + 333_000, cpu: 179_000, waiting: 2 }));
    const { turns, verdict } = diagnose(measured('main > work x3000', { vitals: vitals({ blocks: { count: 3, longest } }) }));
    expect(verdict.branch).toBe('loop-blocked');
    expect(verdict.summary).toContain('with 537 ms of CPU time together');
    expect(verdict.summary).toContain('179 ms at most in one; the longest took 333 ms by the clock');
    const figures = turns.find(({ id }) => id === 'loop')?.figures ?? [];
    expect(figures.find(({ label }) => label === 'the longest by the clock')).toMatchObject({ value: '333 ms', isOver: true });
    expect(figures.find(({ label }) => label.startsWith('stretches with over'))).toMatchObject({ value: '3', isOver: true });
  });

  const loopOf = (given: Partial<Vitals>, profile = 'main > work x900\n (idle) x100'): Diagnosis['turns'][number] | undefined =>
    diagnose(measured(profile, { vitals: vitals(given) })).turns.find(({ id }) => id === 'loop');
  const shown = (turn: Diagnosis['turns'][number] | undefined): string => turn?.figures.map(({ label, value }) => `${label}: ${value}`).join('; ') ?? '';
  const delay = { p50: 240_000, p99: 300_000, max: 300_000, count: 3 };
  const incoming = { count: 300, total: 900_000, busy: 900_000, maxInFlight: 4, ports: [3000] };

  test('a busy server blocks somebody, if only for short', () => {
    const turn = loopOf({ incoming, isListening: true });
    expect(turn?.reason).toContain('each short');
    expect(turn?.reason).not.toContain('nobody');
  });
  test('a program that only computes blocks nobody, and three turns have no percentiles', () => {
    const turn = loopOf({ delay, blocks: { count: 1, longest: [{ start: 0, end: 300_000, cpu: 300_000, waiting: 0 }] } });
    expect(turn?.reason).toContain('blocks nobody');
    expect(shown(turn)).toContain('while nothing else was open: 1; CPU time in the longest of them: 300 ms');
    expect(shown(turn)).not.toContain('delay');
  });
  test('a delay without CPU time is told as one', () => {
    const turn = loopOf({ delay: { ...delay, count: 40 }, incoming, blocks: { count: 1, longest: [{ start: 0, end: 300_000, cpu: 9_000, waiting: 2 }] } });
    expect(shown(turn)).toContain('with little CPU time: 1');
    expect(shown(turn)).toContain('delay p50: 240 ms');
  });
});

test('figures are numbers too', () => {
  const { turns } = diagnose(measured(IDLE, { vitals: vitals({ sites: [site({ count: 60, finished: 60, total: 2_700_000, busy: 2_700_000 })] }) }));
  const figures = turns.flatMap((turn) => turn.figures);
  expect(figures.find(({ label }) => label === 'event-loop utilisation')).toMatchObject({ value: '10.0 %', amount: 0.1, unit: 'share', limitAmount: 0.6 });
  expect(figures.find(({ label }) => label === 'on average')).toMatchObject({ value: '45.0 ms', amount: 45_000, unit: 'microseconds' });
  expect(figures.find(({ label }) => label === 'at once')).toMatchObject({ value: '1 at most', amount: 1, unit: 'count', limitAmount: 1 });
  expect(figures.filter(({ amount, unit }) => amount === undefined || unit === undefined).map(({ label }) => label)).toEqual(['live memory']);
});

test('a call that several stacks lead to is listed once, and two calls of one target by their functions', () => {
  const frame = { file: '/app/main.js', line: 7, column: 3, name: 'load', isMapped: false };
  const later = { ...frame, line: 20, name: 'more' };
  const sites = [
    site({ count: 2, finished: 2, total: 2_700_000, busy: 2_700_000, frames: [frame] }),
    site({ count: 1, finished: 1, total: 70_000, busy: 70_000, frames: [frame, later] }),
    site({ count: 1, finished: 1, total: 60_000, busy: 60_000, frames: [later] }),
  ];
  const { turns } = diagnose(measured(IDLE, { vitals: vitals({ sites }) }));
  const labels = turns.find(({ id }) => id === 'what')?.figures.map(({ label }) => label) ?? [];
  const target = 'GET http://127.0.0.1/items/:id';
  expect(labels.filter((label) => label.startsWith('GET'))).toEqual([target, `${target}, more:20`]);
});

test('every turn has one way that is taken, a reason and figures', () => {
  const { turns } = diagnose(measured(IDLE, { vitals: vitals({ isListening: true }), ...stopped }));
  expect(turns.length).toBe(7);
  for (const { answers, reason, figures } of turns) {
    expect(answers.filter(({ isTaken }) => isTaken)).toHaveLength(1);
    expect(reason).not.toBe('');
    expect(figures.length).toBeGreaterThan(0);
  }
});

describe('measurements from the target are not trusted', () => {
  const text = JSON.stringify(vitals({ sites: [site({})], gc: [{ kind: 'minor', count: 1, total: 2, longest: 2 }] }));
  test('what it wrote reads back', () => {
    expect(readVitals(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });
  test('cut at any byte: an issue, never a half', () => {
    for (let at = 0; at < text.length; at++) expect(readVitals(text.slice(0, at)).ok).toBe(false);
  });
  test.each([
    ['null', 'null', 'an object at the top'],
    ['a list', '[]', 'a value at version'],
    ['a wrong number', text.replace('"user":1000000', '"user":"much"'), 'a number at cpu.user'],
    ['no list', text.replace('"memory":[]', '"memory":{}'), 'a list at memory'],
    ['a wrong frame', text.replace('"line":7', '"line":null'), 'a number at sites[0].frames[0].line'],
    ['infinite', text.replace('"to":3000000', '"to":1e999'), 'a number at to'],
  ])('%s', (_, given, expected) => {
    expect(readVitals(given)).toEqual({ ok: false, error: { kind: 'damaged', expected } });
  });
});

describe('lines', () => {
  const source = `async function all(ids) {
  // load(ids) is slow
  const rows = [];
  for (const id of ids) {
    rows.push(await load(id));
  }
  return ids.map((id) => load(id));
}
const clean = /^(\\w+\\s?)*$/.test(text);
`;
  test('the call, not the comment', () => expect(lineOfCall(source, 1, 8, ['load'])).toBe(5));
  test('a method by the end of its name', () => expect(lineOfCall(source, 1, 8, ['Array.map'])).toBe(7));
  test('a regular expression by its source', () => expect(lineOfCall(source, 1, 10, ['RegExp: ^(\\w+\\s?)*$'])).toBe(9));
  test('a call of zlib, whose functions have other names in a profile', () => {
    const zlib = 'const body = JSON.stringify(value);\nres.end(zlib.gzipSync(body));\nzlib.gzip(body, done);\n';
    expect(lineOfCall(zlib, 1, 3, ['syncBufferWrapper'])).toBe(2);
    expect(lineOfCall(zlib, 1, 3, ['asyncBufferWrapper'])).toBe(3);
  });
  test('outside of the range, or nothing', () => {
    expect(lineOfCall(source, 6, 6, ['load'])).toBeUndefined();
    expect(lineOfCall(source, 1, 8, ['', '(', 'nowhere'])).toBeUndefined();
  });
  test('in a loop of the same function only', () => {
    expect(isInLoop(source, 'a.js', 5, 21)).toBe(true);
    expect(isInLoop(source, 'a.js', 7, 26)).toBe(false);
    expect(isInLoop('for (const a of b) a.then(() => {\n  load();\n});', 'a.js', 2, 3)).toBe(false);
    expect(isInLoop('for (', 'a.js', 1, 1)).toBe(false);
  });
});

/** As many functions as one line each, of so many milliseconds. */
function many(functions: number, milliseconds: number): string {
  return Array.from({ length: functions }, (_, i) => `main > step${i} x${milliseconds}`).join('\n');
}

describe('packages and what is not watched', () => {
  test('a package that runs after an await is not "spread": its function and what it calls are named', () => {
    const text = `processTicksAndRejections@node:internal/process/task_queues > query@/app/node_modules/db/lib/client.js > all@- x700\n${many(15, 20)}`;
    const { verdict } = diagnose(measured(text));
    expect(verdict).toMatchObject({ branch: 'cpu-hot', title: 'The CPU is busy in one place, in a package' });
    expect(verdict.summary).toMatch(/^query .*70\.0 % of the active time.* most of it in all/);
  });

  const open = (kind: string): Partial<Vitals> => ({ resources: { samples: 30, kinds: [{ kind, mean: 1, max: 1 }] } });
  test.each<[string, Partial<Vitals>, string]>([
    ['an open connection, and nothing was asked', { ...open('TCPSocketWrap'), watched: { busy: 0 } }, 'inconclusive'],
    ['an open connection, and questions explain the waiting', { ...open('TCPSocketWrap'), watched: { busy: 2500 * MS } }, 'healthy'],
    ['watched files', { ...open('FSEventWrap'), watched: { busy: 100 * MS } }, 'inconclusive'],
    ['a timer alone', { ...open('Timeout'), watched: { busy: 0 } }, 'healthy'],
    ['a server of HTTP that nobody asks', { ...open('TCPServerWrap'), watched: { busy: 0 }, isListening: true }, 'healthy'],
    ['a server of something else, with connections', { ...open('TCPSocketWrap'), watched: { busy: 0 }, isListening: true }, 'inconclusive'],
    [
      'a server whose answers take long, and nothing that is watched is why',
      { watched: { busy: 100 * MS }, incoming: { count: 20, total: 2800 * MS, busy: 2800 * MS, maxInFlight: 1, ports: [3000] }, isListening: true },
      'inconclusive',
    ],
  ])('%s', (_, given, expected) => {
    expect(diagnose(measured(IDLE, { vitals: vitals(given) })).verdict.branch).toBe(expected);
  });

  test('four questions of four places for each request are a chain; beside each other they would last longer than it', () => {
    const at = (line: number) => [
      { file: '/app/main.js', line: 3, column: 1, name: 'get', isMapped: false },
      { file: '/app/main.js', line, column: 1, name: 'dashboard', isMapped: false },
    ];
    const incoming = (each: number) => ({ count: 10, total: 10 * each * MS, busy: 2500 * MS, maxInFlight: 2, ports: [3000] });
    const sites = [5, 6, 7, 8].map((line) =>
      site({ target: `GET http://api/${line}`, frames: at(line), count: 10, finished: 10, total: 500 * MS, busy: 500 * MS, maxInFlight: 2 }),
    );
    const found = diagnose(measured(IDLE, { vitals: vitals({ sites, incoming: incoming(205), isListening: true }) })).verdict;
    expect(found).toMatchObject({ branch: 'sequential', blame: { kind: 'site', frame: 1 } });
    expect(diagnose(measured(IDLE, { vitals: vitals({ sites, incoming: incoming(55), isListening: true }) })).verdict.branch).not.toBe('sequential');
  });
});
