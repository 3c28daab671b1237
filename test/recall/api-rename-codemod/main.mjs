import { transformSync } from '@babel/core';
import renameApi from './rename-plugin.mjs';
import { makeModules } from './modules.mjs';

const RENAMES = {
  fetchUser: 'loadAccount',
  fetchOrder: 'loadOrder',
  fetchCart: 'loadBasket',
  trackEvent: 'recordEvent',
};

function countLines(code) {
  let n = 1;
  for (let i = 0; i < code.length; i++) if (code.charCodeAt(i) === 10) n++;
  return n;
}

function migrate(modules) {
  const report = { files: 0, renamed: 0, imports: 0, lines: 0, failed: [] };
  for (const mod of modules) {
    const stats = { renamed: 0, imports: 0 };
    try {
      const out = transformSync(mod.source, {
        filename: mod.name,
        babelrc: false,
        configFile: false,
        compact: false,
        plugins: [[renameApi, { renames: RENAMES, from: 'legacy-api', to: '@shop/api', stats }]],
      });
      report.files++;
      report.renamed += stats.renamed;
      report.imports += stats.imports;
      report.lines += countLines(out.code);
    } catch (err) {
      report.failed.push({ file: mod.name, message: err.message });
    }
  }
  return report;
}

const modules = makeModules(4, 32);
const report = migrate(modules);
console.log(`migrated ${report.files} files, ${report.lines} lines`);
console.log(`renamed ${report.renamed} calls, rewrote ${report.imports} imports`);
if (report.failed.length) {
  console.log(report.failed.slice(0, 3));
  process.exitCode = 1;
}
