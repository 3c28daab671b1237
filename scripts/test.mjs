// Everything that is tested: `npm test`, or one part: `npm run test:unit`.
// Ends with a line "N passed, N failed".
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, ensureBrowser, ensureDependencies, ensureVsCode, root, run, say } from './setup.mjs';

const parts = process.argv.slice(2);
const wants = (part) => parts.length === 0 || parts.includes(part);
const results = [];
const failures = [];
/** Failed beside other tests, and passed alone. */
const flaky = [];
const MOST_AGAIN = 6;

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
if (wants('unit') || wants('alone')) await step('alone', () => vitest('alone'));
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

for (const text of flaky) console.log(`passed only when run again: ${text}`);
for (const text of failures) console.log(`failed: ${text}`);
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

/**
 * Runs a project of vitest.config.mts. Files with failures run once more, alone, as others may
 * have held the processor; what passes only then is printed as such. Many failures are no chance.
 */
async function vitest(project) {
  const first = await runVitest(project, []);
  const broken = first.files.filter(({ failed }) => failed.length > 0);
  const again = broken.length > 0 && broken.length <= MOST_AGAIN && first.passed > 0 ? broken : [];
  let recovered = 0;
  for (const file of again) {
    say(`again: ${file.name}`);
    const second = await runVitest(project, [file.name]);
    if (second.files.length !== 1 || second.files[0].failed.length > 0 || second.passed === 0) continue;
    recovered += file.failed.length;
    flaky.push(...file.failed);
    file.failed = [];
  }
  const left = broken.flatMap(({ failed }) => failed);
  failures.push(...left);
  return { passed: first.passed + recovered, failed: left.length > 0 || first.passed === 0 ? Math.max(1, left.length) : first.unexplained ? 1 : 0 };
}

/** One run: how many passed, and a text for each failure, by file. */
async function runVitest(project, files) {
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
    ...files,
  ];
  const code = await new Promise((resolve) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' }).once('exit', resolve));
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const results = testResults.map(({ name, status, message, assertionResults }) => {
    const file = path.relative(root, name).replaceAll(path.sep, '/');
    const failed = assertionResults.filter((test) => test.status === 'failed').map((test) => textOf(`${file}: ${test.fullName}`, test.failureMessages[0]));
    return { name: file, failed: failed.length === 0 && status === 'failed' ? [textOf(file, message)] : failed };
  });
  return { passed: numPassedTests, files: results, unexplained: code !== 0 && results.every(({ failed }) => failed.length === 0) };
}

function textOf(what, message) {
  return `${what}\n  ${(message ?? '').split('\n').slice(0, 12).join('\n  ')}`;
}
