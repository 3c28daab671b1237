import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCpuProfile } from '../../src/core/formats/cpuprofile';
import { withFastScan } from '../../src/core/json/fast-scan';
import { RawProfile } from '../../src/core/profile/build/raw-profile';
import { bytesOf, type RawCpuProfile, type RawNode, rawFromText } from '../support/raw-profile';
import { cli, temporaryFolder } from '../support/run';
import { sameReading } from '../support/windows';

const frame = (functionName: string, url = 'file:///app/main.js', lineNumber = 1, columnNumber = 2, scriptId = '7'): RawNode['callFrame'] => ({
  functionName,
  scriptId,
  url,
  lineNumber,
  columnNumber,
});

/** A root over the nodes of the frames. */
function flat(frames: readonly RawNode['callFrame'][], more: (i: number) => Partial<RawNode> = () => ({})): RawCpuProfile {
  const nodes: RawNode[] = [{ id: 1, callFrame: frame('(root)', '', -1, -1, '0'), hitCount: 0, children: frames.map((_, i) => i + 2) }];
  frames.forEach((callFrame, i) => {
    nodes.push({ id: i + 2, callFrame, hitCount: 1, ...more(i) });
  });
  const samples = frames.map((_, i) => i + 2);
  return { nodes, startTime: 0, endTime: samples.length * 1000, samples, timeDeltas: samples.map(() => 1000) };
}

/** The same profile, as V8 writes it and with white space, which only the JSON scanner reads. */
function bothWays(raw: RawCpuProfile): void {
  const fast = readCpuProfile(bytesOf(JSON.stringify(raw)));
  const slow = readCpuProfile(bytesOf(JSON.stringify(raw, null, 1)));
  if (!fast.ok || !slow.ok) throw new Error('a profile of this test is one');
  // White space moves places, and nothing else.
  const placeless = (warnings: readonly object[]): object[] => warnings.map((one) => ({ ...one, offset: 0 }));
  expect(placeless(fast.value.warnings)).toEqual(placeless(slow.value.warnings));
  expect(sameReading({ ok: true, value: { ...fast.value, warnings: [] } }, { ok: true, value: { ...slow.value, warnings: [] } })).toBe(true);
}

/** How many of the nodes are read by the short cut when it is called once at the first. */
function shortCut(text: string): number {
  return withFastScan((fast) => {
    if (!fast) throw new Error('no WebAssembly');
    const bytes = fast.window.subarray(0, text.length);
    bytes.set(bytesOf(text));
    const raw = new RawProfile();
    fast.nodes(bytes, text.indexOf('{"id"'), raw, Number.POSITIVE_INFINITY);
    return raw.ids.length;
  });
}

test('of a profile as V8 writes it, all nodes but the last are read by the short cut', () => {
  const raw = rawFromText('\n main > work x3\n main > other > work\n (garbage collector)');
  expect(shortCut(JSON.stringify(raw))).toBe(raw.nodes.length - 1);
  expect(shortCut(JSON.stringify(raw, null, 1))).toBe(0);
});

test('a real profile of this Node.js is, too', () => {
  const folder = temporaryFolder({
    'work.js': 'const end = Date.now() + 300; let x = 0; while (Date.now() < end) x += JSON.stringify({ x }).length; console.log(x);',
  });
  try {
    execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-name=real.cpuprofile', 'work.js'], { cwd: folder.path, stdio: 'ignore' });
    const text = readFileSync(path.join(folder.path, 'real.cpuprofile'), 'latin1');
    const raw = JSON.parse(text) as RawCpuProfile;
    // But for names with escapes, such as those of regular expressions.
    const plain = raw.nodes.findIndex(({ callFrame }) => /["\\]/.test(JSON.stringify(callFrame.functionName).slice(1, -1)));
    expect(shortCut(text)).toBe(plain < 0 ? raw.nodes.length - 1 : plain);
    bothWays(raw);
  } finally {
    folder.remove();
  }
});

describe('the same as the JSON scanner', () => {
  test('names and urls of every length, so that every word ends anywhere', () => {
    bothWays(flat(Array.from({ length: 300 }, (_, i) => frame('f'.repeat(i), `file:///${'u'.repeat((i * 7) % 101)}`, i, i * 3, `${i % 13}`))));
  });
  test('names that differ in one byte, and that hold marks, escapes and other alphabets', () => {
    const names = ['abcdefgh', 'abcdefgi', 'bbcdefgh', 'a"b', 'a\\', '\\"', '"', 'ключ', '🔥🔥🔥🔥', 'a\u0000b', '},"hitCount":1', '{"id":1', 'x\ty'];
    bothWays(flat([...names, ...names].map((name) => frame(name))));
  });
  test('a script that changes its url, and scripts with large numbers', () => {
    const ids = ['0', '1', '65535', '65536', '999999999', '9999999999'];
    bothWays(
      flat(ids.flatMap((id) => [frame('a', 'file:///one.js', 0, 0, id), frame('b', 'file:///two.js', 0, 0, id), frame('c', 'file:///one.jsx', 0, 0, id)])),
    );
  });
  test('positions and counts at their limits', () => {
    const places = [-1, 0, 9, 999_999_999, 1_000_000_000, 2_147_483_646];
    bothWays(
      flat(
        places.flatMap((line) => places.map((column) => frame('a', 'u', line, column))),
        (i) => ({ hitCount: places[i % 6] === -1 ? 0 : places[i % 6] }),
      ),
    );
  });
  test('ticks, reasons and children in any number', () => {
    bothWays(
      flat(
        Array.from({ length: 3000 }, (_, i) => frame(`f${i % 50}`)),
        (i) => ({
          ...(i % 3 === 0 ? { deoptReason: `reason ${i % 9}` } : {}),
          ...(i % 2 === 0 ? { positionTicks: Array.from({ length: i % 40 }, (_, line) => ({ line: line + 1, ticks: i })) } : {}),
          ...(i % 5 === 0 ? { children: [] } : {}),
        }),
      ),
    );
  });
  test('more children of one node, and more ticks, than a list of it holds', () => {
    bothWays(
      flat(
        Array.from({ length: 70_000 }, () => frame('a')),
        (i) => (i === 5 ? { positionTicks: Array.from({ length: 70_000 }, (_, line) => ({ line: line + 1, ticks: 1 })) } : {}),
      ),
    );
  });
  test('more names, and more of their bytes, than it remembers; many functions of one name', () => {
    bothWays(flat(Array.from({ length: 270_000 }, (_, i) => frame(`f${i}`))));
    bothWays(flat(Array.from({ length: 9000 }, (_, i) => frame(`${i}${'f'.repeat(4000)}`))));
    bothWays(flat(Array.from({ length: 140_000 }, (_, i) => frame('f', 'u', i))));
  }, 60_000);
  test('ids that are out of order, large or twice there', () => {
    const raw = flat(Array.from({ length: 9 }, (_, i) => frame(`f${i}`)));
    const ids = [5, 5, 3_000_000_000, 999_999_999, 1_000_000_000, 0, 7, 8, 9];
    bothWays({ ...raw, nodes: raw.nodes.map((node, i) => (i === 0 ? node : { ...node, id: ids[i - 1] as number })) });
  });
  test('samples and times with signs, of many digits and with fractions', () => {
    const raw = flat(Array.from({ length: 200 }, (_, i) => frame(`f${i}`)));
    const odd = [0, -5, 123_456_789_012_345, 1.5, 1e21, -0.25, 99];
    bothWays({ ...raw, timeDeltas: raw.timeDeltas.map((_, i) => odd[i % odd.length] as number) });
    bothWays({ ...raw, samples: Array.from({ length: 150_000 }, (_, i) => (i % 200) + 2), timeDeltas: Array.from({ length: 150_000 }, (_, i) => i - 3) });
  });
  test('random profiles', () => {
    let seed = 42;
    const random = (most: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % most;
    };
    for (let round = 0; round < 40; round++) {
      const raw = flat(
        Array.from({ length: 1 + random(400) }, () => frame(`f${random(60)}`, `file:///${random(9)}`, random(50) - 1, random(9) - 1, `${random(12)}`)),
        () => ({
          hitCount: random(5),
          ...(random(4) === 0 ? { positionTicks: [{ line: random(90), ticks: random(4) }] } : {}),
          ...(random(9) === 0 ? { deoptReason: `r${random(3)}` } : {}),
        }),
      );
      bothWays(raw);
    }
  });
});

test('without WebAssembly a profile is read all the same', () => {
  const text = JSON.stringify(rawFromText('\n main > work x40\n main > other x20'));
  const folder = temporaryFolder({ 'a.cpuprofile': text });
  try {
    const report = (...flags: string[]) =>
      execFileSync(process.execPath, [...flags, cli, 'analyze', 'a.cpuprofile', '--json'], { cwd: folder.path, encoding: 'utf8', stdio: 'pipe' });
    expect(report('--jitless')).toBe(report());
  } finally {
    folder.remove();
  }
});
