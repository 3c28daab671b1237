// Everything that is tested: `npm test`, or one part: `npm run test:unit`.
// Ends with a line "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, ensureBrowser, ensureDependencies, ensureVsCode, root, run, say } from './setup.mjs';

const parts = process.argv.slice(2);
const wants = (part) => parts.length === 0 || parts.includes(part);
const results = [];

ensureDependencies();
await build();
if (parts.length === 0) {
  await step('check', async () => {
    run(process.execPath, ['scripts/check.mjs']);
    return { passed: 1, failed: 0 };
  });
  await step('package', async () => {
    const printed = run(process.execPath, ['scripts/package.mjs']);
    say(printed.trim());
    await build();
    return { passed: 1, failed: 0 };
  });
}
if (wants('unit')) await step('unit', () => vitest('unit'));
if (wants('extension') || wants('journeys')) {
  ensureVsCode();
  ensureBrowser();
}
if (wants('extension')) {
  await step('extension', async () => {
    const { runExtensionSuite } = await import('./extension-suite.mjs');
    return runExtensionSuite();
  });
}
if (wants('journeys')) await step('journeys', () => vitest('journeys'));

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
for (const { name, passed, failed, seconds } of results)
  console.log(`${name.padEnd(10)} ${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed  ${seconds} s`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') > 0 ? 1 : 0);

async function step(name, go) {
  say(`${name}…`);
  const started = Date.now();
  let result = { passed: 0, failed: 1 };
  try {
    result = await go();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  results.push({ name, ...result, seconds: Math.round((Date.now() - started) / 1000) });
}

async function vitest(project) {
  const report = path.join(root, 'out', `test-${project}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const args = [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const code = await new Promise((resolve) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }).once('exit', resolve));
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = Math.max(numFailedTests, numFailedTestSuites > 0 && numFailedTests === 0 ? 1 : 0, code !== 0 && numFailedTests === 0 ? 1 : 0);
  return { passed: numPassedTests, failed: numPassedTests === 0 ? Math.max(1, failed) : failed };
}
