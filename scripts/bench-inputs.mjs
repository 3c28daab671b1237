// The profiles that the benchmarks read: one real, and larger ones scaled up from it.
// They are kept in the cache folder and made only when they are missing.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { root, say } from './setup.mjs';

/** A real profile: what V8 wrote of a TypeScript compile. */
export function compileProfile(folder) {
  const file = path.join(folder, 'tsc.cpuprofile');
  if (existsSync(file)) return file;
  say('Profiling a TypeScript compile for the input…');
  const tsc = path.join(root, 'node_modules/typescript/lib/_tsc.js');
  const profiler = ['--cpu-prof', '--cpu-prof-interval', '50', '--cpu-prof-dir', folder, '--cpu-prof-name', 'tsc.cpuprofile'];
  const result = spawnSync(process.execPath, [...profiler, tsc, '--noEmit', '--skipLibCheck', 'false', '--lib', 'es2023,dom', '-p', 'src/server'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (!existsSync(file)) throw new Error(result.stdout + result.stderr);
  return file;
}

/**
 * A profile of about `bytes`: the tree and the samples of `source` again and again, as
 * a program that works for longer has them. In each round, half of the functions are
 * other ones (seeded), so that functions, urls and names grow with the file too.
 * Written in pieces: no text or object of the whole.
 */
export function scaledProfile(folder, source, name, bytes) {
  const file = path.join(folder, `${name}.cpuprofile`);
  if (existsSync(file)) return file;
  say(`Writing ${name}.cpuprofile…`);
  const { nodes, samples, timeDeltas, startTime, endTime } = JSON.parse(readFileSync(source, 'utf8'));
  const [top, ...rest] = nodes;
  const span = nodes.reduce((most, { id }) => Math.max(most, id), 0);
  const rounds = Math.max(1, Math.round(bytes / readFileSync(source).length));
  const part = `${file}.${process.pid}.part`;
  const out = openSync(part, 'w');
  let pending = '';
  const put = (text) => {
    pending += text;
    if (pending.length < 1 << 22) return;
    writeSync(out, pending);
    pending = '';
  };
  try {
    const children = Array.from({ length: rounds }, (_, round) => top.children.map((id) => id + round * span)).flat();
    put(`{"nodes":[${JSON.stringify({ ...top, children })}`);
    const random = generator(20_261_121);
    for (let round = 0; round < rounds; round++) {
      const others = new Map();
      for (const node of rest) {
        const { scriptId, lineNumber, columnNumber, url } = node.callFrame;
        const key = `${scriptId}:${lineNumber}:${columnNumber}`;
        if (!others.has(key)) others.set(key, round > 0 && url !== '' && random(2) === 0);
        const callFrame = others.get(key)
          ? {
              ...node.callFrame,
              scriptId: String(Number(scriptId) + round * 1000),
              functionName: `${node.callFrame.functionName}$${round}`,
              url: url.replace(/(\.[^./]*)?$/, `.${round}$1`),
            }
          : node.callFrame;
        const { id, children: below, ...more } = node;
        put(`,${JSON.stringify({ id: id + round * span, ...more, callFrame, ...(below ? { children: below.map((child) => child + round * span) } : {}) })}`);
      }
    }
    put(`],"startTime":${startTime},"endTime":${startTime + (endTime - startTime) * rounds},"samples":[`);
    for (let round = 0; round < rounds; round++) put((round > 0 ? ',' : '') + samples.map((id) => (id === top.id ? id : id + round * span)).join(','));
    put('],"timeDeltas":[');
    for (let round = 0; round < rounds; round++) put((round > 0 ? ',' : '') + timeDeltas.join(','));
    put(']}');
    writeSync(out, pending);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(out);
  }
  renameSync(part, file);
  return file;
}

/** mulberry32: small, and the same everywhere. */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
