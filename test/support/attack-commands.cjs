// Runs commands of the built command line one after the other in this process, each after files were
// put into the working folder: `node attack-commands.cjs DIST JOBS.jsonl`. Prints a sentence for each that fails.
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const [dist, jobs] = process.argv.slice(2);
const out = process.stdout.write.bind(process.stdout);
let told = '';
const hear = (chunk, encoding, done) => {
  told = (told + chunk).slice(-20_000);
  const callback = typeof encoding === 'function' ? encoding : done;
  callback?.();
  return true;
};
process.stdout.write = hear;
process.stderr.write = hear;
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);
let thrown;
for (const event of ['uncaughtException', 'unhandledRejection'])
  process.on(event, (error) => {
    thrown = error;
  });

(async () => {
  let count = 0;
  for (const line of readFileSync(jobs, 'utf8').split('\n')) {
    if (line === '') continue;
    const { name, files, command, args } = JSON.parse(line);
    for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
    told = '';
    thrown = undefined;
    process.exitCode = undefined;
    const started = Date.now();
    await require(path.join(dist, `cli-${command}.cjs`)).run(args);
    const code = process.exitCode ?? 0;
    const problem = thrown
      ? String(thrown.stack ?? thrown)
      : /this is a bug in Plateau/.test(told)
        ? told
        : ![0, 1, 2, 3, 4].includes(code)
          ? `exit code ${code}`
          : undefined;
    if (problem !== undefined) out(`${name}: ${problem.slice(0, 600)}\n`);
    if (Date.now() - started > 30_000) out(`${name}: took ${Date.now() - started} ms\n`);
    if ({}.polluted !== undefined) out(`${name}: polluted every object\n`);
    count++;
  }
  out(`${count} run\n`);
  process.exit(0);
})();
