// Reading: whole processes against JSON.parse, a gigabyte, opening again, speedscope's own app.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { compileProfile, scaledProfile } from './bench-inputs.mjs';
import { ensureBrowser, root, say } from './setup.mjs';
import { PROFILE, serveSpeedscope } from './speedscope-app.mjs';
import { browserFlags } from './vscode-server.mjs';

const megabytes = (file) => (statSync(file).size / 1e6).toFixed(0);

export async function runReadingBench(inputs, { measure, compare, median }) {
  const rows = [];
  const real = compileProfile(inputs);
  const large = scaledProfile(inputs, real, 'scaled-56mb', 56e6);
  const huge = scaledProfile(inputs, real, 'scaled-1gb', 1e9);
  const parser = path.join(inputs, 'parse.cjs');
  writeFileSync(parser, "JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));\n");

  for (const profile of [real, large]) {
    await compare(
      `analyze --json of a ${megabytes(profile)} MB profile, whole process`,
      'a process that reads and JSON.parses it',
      () => measure(['dist/cli.cjs', 'analyze', profile, '--json']),
      () => measure([parser, profile]),
      { runs: profile === real ? 11 : 15 },
    );
  }

  await compare(
    `compare --json of two profiles of ${megabytes(large)} MB, whole process`,
    'analyze --json of one; at most 2.00',
    () => measure(['dist/cli.cjs', 'compare', large, large, '--json'], { fine: 3 }),
    () => measure(['dist/cli.cjs', 'analyze', large, '--json']),
  );

  const runs = [];
  for (let i = 0; i < 3; i++) runs.push(await measure(['dist/cli.cjs', 'analyze', huge, '--json']));
  rows.push({
    name: `analyze --json of a ${megabytes(huge)} MB profile, whole process`,
    yardstick: `JSON.parse: ${whyNot(parser, huge)}`,
    ms: median(runs.map(({ ms }) => ms)),
    mb: median(runs.map(({ mb }) => mb)),
  });

  const driver = path.join(root, 'dist', 'bench-reopen.cjs'); // beside the worker that it starts
  await esbuild.build({ absWorkingDir: root, stdin: { contents: reopening, resolveDir: root, loader: 'ts' }, bundle: true, platform: 'node', outfile: driver });
  for (const [profile, times] of [
    [large, 7],
    [huge, 2],
  ]) {
    const first = [];
    const again = [];
    for (let i = 0; i < times; i++) {
      const storage = mkdtempSync(path.join(inputs, 'slabs-'));
      const open = () => Number(spawnSync(process.execPath, [driver, profile, storage], { cwd: root, encoding: 'utf8' }).stdout);
      first.push(open());
      again.push(open());
      rmSync(storage, { recursive: true, force: true });
    }
    rows.push({
      name: `Opening a ${megabytes(profile)} MB profile again after a restart of the server`,
      yardstick: 'opening it for the first time',
      ms: median(again),
      yardstickMs: median(first),
      ratio: median(again.map((ms, i) => ms / first[i])),
    });
  }
  rmSync(driver, { force: true });

  rows.push({
    name: `speedscope's own app in Chromium, from the load of a ${megabytes(large)} MB profile to its first drawing`,
    yardstick: 'for scale',
    ms: median(await speedscopeTimes(large, 3)),
  });
  for (const { name, ms, ratio, mb } of rows) say(`${name}: ${ms.toFixed(0)} ms${ratio ? `, ${ratio.toFixed(2)}` : ''}${mb ? `, ${mb.toFixed(0)} MB` : ''}`);
  return rows;
}

function whyNot(parser, file) {
  const { status, stderr } = spawnSync(process.execPath, [parser, file], { encoding: 'utf8' });
  return status === 0 ? 'works too' : (/^Error: (.*)$/m.exec(stderr)?.[1] ?? 'fails');
}

/** What the server does from the request to the moment at which the webview has its slab. */
const reopening = `
import { defaultThresholds } from './src/core/findings/thresholds';
import { profileStore, profileWorkers } from './src/server/profiles';
const [file, storage] = process.argv.slice(2) as [string, string];
const store = profileStore(profileWorkers(__dirname), { roots: () => [process.cwd()], thresholds: () => defaultThresholds });
void (async () => {
  const started = performance.now();
  const opened = await store.open(file, { storage });
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  await store.slabFile(opened.value, storage);
  process.stdout.write(String(performance.now() - started));
})();
`;

/** In milliseconds, each in a page of its own: from the request of the profile until two frames after the views are there. */
async function speedscopeTimes(profile, count) {
  const app = await serveSpeedscope(profile);
  const browser = await chromium.launch({ executablePath: ensureBrowser(), headless: true, args: browserFlags });
  const times = [];
  try {
    for (let i = 0; i < count; i++) {
      const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
      await page.goto(app.url());
      await page.getByText('Left Heavy').first().waitFor({ timeout: 120_000 });
      times.push(
        await page.evaluate(async (profileName) => {
          for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
          const { requestStart } = performance.getEntriesByType('resource').find(({ name }) => name.endsWith(profileName));
          return performance.now() - requestStart;
        }, PROFILE),
      );
      await page.close();
    }
  } finally {
    await browser.close();
    app.close();
  }
  return times;
}
