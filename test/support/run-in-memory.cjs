/**
 * Runs a script as a loader of TypeScript does: its text is compiled under another file's name, so
 * that the script is in memory alone. `node run-in-memory.cjs CODE,… FILENAME,… OUT` writes
 * `{ profile, scripts }` as V8's inspector tells them.
 */
const fs = require('node:fs');
const inspector = require('node:inspector');
const vm = require('node:vm');

const [, , codes, filenames, out] = process.argv;
const session = new inspector.Session();
session.connect();
const post = (method, parameters) =>
  new Promise((resolve, reject) => session.post(method, parameters, (error, result) => (error ? reject(error) : resolve(result))));

async function main() {
  await post('Profiler.enable');
  await post('Profiler.setSamplingInterval', { interval: 300 });
  await post('Profiler.start');
  const kept = [];
  for (const [i, filename] of filenames.split(',').entries()) {
    const text = fs
      .readFileSync(codes.split(',')[i], 'utf8')
      .replace(/^\ufeff/, '')
      .replace(/^#!/, '//');
    const run = vm.compileFunction(text, ['exports', 'require', 'module', 'console'], { filename });
    const module = { exports: {} };
    run.call(module.exports, module.exports, require, module, { log() {} });
    kept.push(run, module);
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
  const { profile } = await post('Profiler.stop');
  const scripts = [];
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.sourceMapURL) scripts.push({ scriptId: params.scriptId, url: params.url, sourceMapUrl: params.sourceMapURL });
  });
  await post('Debugger.enable');
  fs.writeFileSync(out, JSON.stringify({ profile, scripts, kept: kept.length }));
}

main();
