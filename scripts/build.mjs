// Bundles everything into dist/: `node scripts/build.mjs [--watch]`.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const isWatching = process.argv.includes('--watch');
const isMinified = process.argv.includes('--minify');

/**
 * chrome-remote-interface caps messages at 256 MB and carries 1 MB of protocol text; neither fits. It
 * throws where a message is no JSON, outside of every promise, and follows a redirection to any machine.
 */
const inspectorClient = {
  name: 'inspector-client',
  setup(build) {
    build.onLoad({ filter: /chrome-remote-interface[\\/]lib[\\/]chrome\.js$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      const changes = [
        ['maxPayload: 256 * 1024 * 1024', 'maxPayload: 2 ** 31 - 1'],
        ['followRedirects: true', 'followRedirects: false'],
        // What parsing would take more memory for than there is would end the process, which cannot be caught.
        ["'use strict';", `'use strict'; const { weighText } = require(${JSON.stringify(path.join(root, 'src/shared/json-weight.ts'))});`],
        [
          'const message = JSON.parse(data);',
          "if (data.length > 2 ** 24 && weighText(String(data)).heap > 0.75 * require('node:v8').getHeapStatistics().heap_size_limit) return void this._ws.terminate(); let message; try { message = JSON.parse(data); } catch { return; } if (typeof message !== 'object' || message === null) return;",
        ],
      ];
      const contents = changes.reduce((text, [before, after]) => {
        if (!text.includes(before)) throw new Error(`${file} has changed: ${before} is not where it was`);
        return text.replace(before, () => after);
      }, source);
      return { contents, loader: 'js' };
    });
    build.onLoad({ filter: /chrome-remote-interface[\\/]lib[\\/]protocol\.json$/ }, () => ({ contents: '{"version":{},"domains":[]}', loader: 'json' }));
  },
};

/** The extension loads its language client when it needs it. */
const lazyClient = {
  name: 'lazy-client',
  setup(build) {
    build.onResolve({ filter: /^\.\/language-client$/ }, () => ({ path: './language-client.cjs', external: true }));
  },
};

/** The command line loads the command that is asked for, each a bundle of its own: what it need not parse it does not wait for. */
const lazyCommands = {
  name: 'lazy-commands',
  setup(build) {
    build.onResolve({ filter: /^\.\// }, ({ path: name, kind, importer }) =>
      kind === 'dynamic-import' && importer.endsWith(path.join('cli', 'main.ts')) ? { path: `${name.replace('./', './cli-')}.cjs`, external: true } : undefined,
    );
  },
};
/** What a command needs only when its program runs. */
const laterParts = ['findings'];
const lazyParts = {
  name: 'lazy-parts',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^\\./(?:${laterParts.join('|')})$`) }, ({ path: name, kind, importer }) =>
      kind === 'dynamic-import' && path.basename(path.dirname(importer)) === 'cli'
        ? { path: `${name.replace('./', './cli-')}.cjs`, external: true }
        : undefined,
    );
  },
};
const commandFiles = [...readFileSync(path.join(root, 'src/cli/main.ts'), 'utf8').matchAll(/import\('\.\/([\w-]+)'\)/g)].map(([, name]) => name);

/** Large packages that few runs need, with what is used of them: bundles of their own, loaded at the first call. */
const latePackages = {
  '@babel/parser': ['parse'],
  scslre: ['analyse'],
  yaml: ['isAlias', 'isMap', 'isNode', 'isPair', 'isScalar', 'LineCounter', 'parseAllDocuments', 'visit'],
};
const lateName = (name) => `late-${path.basename(name)}`;
const escaped = (name) => name.replace(/[/.]/g, String.raw`\$&`);
/** `isModule`: the bundle is an ES module, which has no `require` of its own. */
const lazyPackages = (names, isModule = false) => ({
  name: 'lazy-packages',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(?:${names.map(escaped).join('|')})$`) }, ({ path: name, kind }) =>
      kind === 'entry-point' ? undefined : { path: name, namespace: 'late' },
    );
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path: name }) => ({
      contents: [
        ...(isModule ? ["import { createRequire } from 'node:module';", 'const require = createRequire(import.meta.url);'] : []),
        'let loaded;',
        `const load = () => (loaded ??= require('./${lateName(name)}.cjs'));`,
        ...latePackages[name].map(
          (one) => `export const ${one} = function (...given) { return new.target ? new (load().${one})(...given) : load().${one}(...given); };`,
        ),
      ].join('\n'),
    }));
    build.onResolve({ filter: /^\.\/late-/, namespace: 'late' }, ({ path: name }) => ({ path: name, external: true }));
  },
});

/** What goes into dist/, for the list of licences: files that are bundled or copied. And what comes of it. */
const wentIn = new Set();
const cameOut = new Set();
function copy(from, to) {
  cpSync(from, to);
  wentIn.add(path.relative(root, from).split(path.sep).join('/'));
  cameOut.add(path.relative(root, to).split(path.sep).join('/'));
}

/** `./NAME-worker?text`: the bundle of a worker of the page, as text. */
const workerText = {
  name: 'worker-text',
  setup(build) {
    build.onResolve({ filter: /-worker\?text$/ }, ({ path: name, resolveDir }) => ({
      path: path.join(resolveDir, name.replace(/\?text$/, '.ts')),
      namespace: 'worker-text',
    }));
    build.onLoad({ filter: /.*/, namespace: 'worker-text' }, async ({ path: file }) => {
      const { outputFiles, metafile } = await esbuild.build({
        ...{ absWorkingDir: root, entryPoints: [file], bundle: true, write: false, minify: true, format: 'iife', target: 'chrome120', metafile: true },
      });
      for (const input of Object.keys(metafile.inputs)) wentIn.add(input);
      return { contents: `export const text = ${JSON.stringify(outputFiles[0].text)};`, watchFiles: [file] };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  outdir: 'dist',
  sourcemap: isMinified ? false : 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
  metafile: true,
  minify: isMinified,
  keepNames: isMinified,
  define: { PLATEAU_VERSION: JSON.stringify(version) },
  mainFields: ['module', 'main'],
};
const node = { ...common, platform: 'node', target: 'node20', plugins: [inspectorClient] };

const bundles = [
  {
    ...node,
    format: 'cjs',
    external: ['vscode'],
    outExtension: { '.js': '.cjs' },
    plugins: [lazyClient],
    entryPoints: { extension: 'src/extension/extension.ts', 'language-client': 'src/extension/language-client.ts' },
  },
  {
    ...node,
    format: 'cjs',
    external: ['esbuild'],
    outExtension: { '.js': '.cjs' },
    plugins: [inspectorClient, lazyPackages(Object.keys(latePackages)), lazyParts],
    supported: { 'dynamic-import': false },
    entryPoints: {
      server: 'src/server/main.ts',
      runner: 'src/capture/launch/runner.ts',
      ...Object.fromEntries([...commandFiles, ...laterParts].map((name) => [`cli-${name}`, `src/cli/${name}.ts`])),
      ...Object.fromEntries(Object.keys(latePackages).map((name) => [lateName(name), name])),
    },
  },
  {
    ...node,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    plugins: [lazyCommands],
    supported: { 'dynamic-import': false },
    entryPoints: { cli: 'src/cli/main.ts' },
  },
  {
    ...node,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    plugins: [lazyPackages(['scslre', '@babel/parser'], true)],
    entryPoints: {
      'profile-worker': 'src/service/profile/profile-worker.ts',
      'open-worker': 'src/service/profile/open-worker.ts',
      'request-worker': 'src/service/requests/request-worker.ts',
      'stage-worker': 'src/service/recording/stage-worker.ts',
      'strip-worker': 'src/service/recording/strip-worker.ts',
      'leak-worker': 'src/service/hunt/leak-worker.ts',
      'pattern-worker': 'src/service/patterns/pattern-worker.ts',
      'heap-thread': 'src/service/heap/heap-thread.ts',
      'heap-worker': 'src/service/heap/heap-worker.ts',
    },
  },
  {
    // It parses only where it is asked to.
    ...node,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    plugins: [lazyPackages(['scslre', '@babel/parser'], true)],
    entryPoints: { 'helper-worker': 'src/service/support/helper-worker.ts' },
  },
  {
    ...node,
    format: 'cjs',
    external: ['esbuild'],
    outExtension: { '.js': '.cjs' },
    inject: ['src/capture/target/recorder/original-globals.ts'],
    // Who reads a profile knows these functions by the names that V8 gives them, which are those of the text.
    ...(isMinified ? { minify: false, minifyWhitespace: true, keepNames: false } : {}),
    // They run within other programs, whose coverage follows such comments.
    sourcemap: isMinified ? false : 'external',
    entryPoints: {
      'target/hook': 'src/capture/target/hook.ts',
      'target/agent': 'src/capture/target/agent/main.ts',
      'target/vitals': 'src/capture/target/vitals/main.ts',
      'target/metrics': 'src/capture/target/metrics/main.ts',
      'target/typescript': 'src/capture/target/typescript.ts',
      'target/transpile-child': 'src/capture/target/transpile-child.ts',
    },
  },
  {
    ...node,
    format: 'esm',
    external: ['esbuild'],
    outExtension: { '.js': '.mjs' },
    entryPoints: { 'target/loop': 'src/capture/target/loop.ts', 'target/hooks-thread': 'src/capture/target/hooks-thread.ts' },
  },
  {
    ...common,
    platform: 'browser',
    format: 'iife',
    target: 'chrome120',
    plugins: [workerText],
    entryPoints: {
      webview: 'webview/profile/profile-page.ts',
      hunt: 'webview/hunt/hunt-page.ts',
      doctor: 'webview/doctor/doctor-page.ts',
      'heap-webview': 'webview/heap/heap-page.ts',
    },
    loader: { '.css': 'css' },
  },
  {
    // Goes into every report, so it is small in every build. Any browser of the last years will do.
    ...common,
    platform: 'browser',
    format: 'iife',
    target: ['chrome105', 'firefox110', 'safari16'],
    minify: true,
    keepNames: false,
    sourcemap: false,
    legalComments: 'none',
    entryPoints: { report: 'webview/report/report-page.ts' },
    loader: { '.css': 'css' },
  },
];

// speedscope has no library, only its app: what of it is needed, as it is.
const speedscope = path.join(root, 'node_modules', 'speedscope');
mkdirSync(path.join(root, 'dist', 'speedscope'), { recursive: true });
for (const name of readdirSync(path.join(speedscope, 'dist', 'release'))) {
  if (/^speedscope.*\.(?:js|css)$|\.woff2$|LICENSE/.test(name))
    copy(path.join(speedscope, 'dist', 'release', name), path.join(root, 'dist', 'speedscope', name));
}
copy(path.join(speedscope, 'LICENSE'), path.join(root, 'dist', 'speedscope', 'LICENSE'));

// What searches syntax trees is WebAssembly: its two engines and the grammars of the languages with rules.
const grammars = path.join(root, 'dist', 'grammars');
mkdirSync(grammars, { recursive: true });
const modules = path.join(root, 'node_modules');
copy(path.join(modules, '@ast-grep', 'wasm', 'wasm_bg.wasm'), path.join(grammars, 'ast-grep.wasm'));
copy(path.join(modules, 'web-tree-sitter', 'web-tree-sitter.wasm'), path.join(grammars, 'tree-sitter.wasm'));
for (const language of ['javascript', 'typescript', 'tsx', 'python', 'go', 'java']) {
  const file = `tree-sitter-${language}.wasm`;
  copy(path.join(modules, '@vscode', 'tree-sitter-wasm', 'wasm', file), path.join(grammars, file));
}

if (isWatching) {
  const contexts = await Promise.all(bundles.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
  console.log('Watching src and webview…');
} else {
  const results = await Promise.all(bundles.map((options) => esbuild.build(options)));
  // What went in, for the list of licences.
  for (const { metafile } of results) {
    for (const file of Object.keys(metafile.inputs)) wentIn.add(file);
    for (const file of Object.keys(metafile.outputs)) cameOut.add(file);
  }
  const inputs = [...wentIn].filter((file) => file.includes('node_modules')).sort();
  writeFileSync(path.join(root, 'dist', 'inputs.json'), JSON.stringify({ inputs, outputs: [...cameOut].sort() }));
  for (const { metafile } of results) {
    for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
      if (!file.endsWith('.map') && !file.endsWith('.txt')) console.log(`${(bytes / 1000).toFixed(0).padStart(6)} kB  ${file}`);
    }
  }
}
