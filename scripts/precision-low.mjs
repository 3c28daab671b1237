// The pattern rules with lower gates, so that there is more to judge than what is loud enough to be told.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './setup.mjs';

const PART = 0.1;

/** What the product's own search finds in a recording where every gate is a tenth of what it is. */
export async function lowGates(folder) {
  const outfile = path.join(folder, 'low-gates.mjs');
  await build({
    stdin: {
      contents: `export { findPatterns } from './src/service/pattern-findings';
        export { openProfile } from './src/service/opened-profile';
        export { readProfileFile } from './src/service/read-profile';
        export { readInfo } from './src/service/recordings';
        export { fileLocator } from './src/source/locate';
        export { defaultThresholds } from './src/core/findings/thresholds';
        export { builtInRules } from './src/core/findings/patterns/rules/built-in';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    banner: { js: "import { createRequire as _r } from 'node:module'; const require = _r(import.meta.url);" },
    logLevel: 'error',
  });
  const { findPatterns, openProfile, readProfileFile, readInfo, fileLocator, defaultThresholds, builtInRules } = await import(pathToFileURL(outfile).href);
  const low = (id) => `low-${id}`;
  const lower = (gate) => Object.fromEntries(Object.entries(gate).map(([name, value]) => [name, typeof value === 'number' ? value * PART : value]));
  const rules = builtInRules.map((rule) => ({ ...rule, id: low(rule.id), gate: lower(rule.gate), supersedes: rule.supersedes?.map(low) }));
  return async (file) => {
    const built = await readProfileFile(file);
    if (!built.ok) throw new Error(JSON.stringify(built.error));
    const profile = openProfile(file, built.value, { thresholds: defaultThresholds, locator: fileLocator([folder]), info: await readInfo(file) });
    const found = await findPatterns(profile, {
      partsFolder: path.join(root, 'dist'),
      readText: (source) => readFile(source, 'utf8').catch(() => undefined),
      rules,
      ignoredRules: builtInRules.map(({ id }) => id),
      budgetMs: 60_000,
    });
    return found.findings.map((one) => ({
      ...one,
      id: one.id.replace(/^low-/, ''),
      rule: one.rule.replace(/^low-/, ''),
      sharePct: one.share * 100,
      message: one.summary,
    }));
  };
}
