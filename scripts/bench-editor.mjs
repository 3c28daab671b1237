// In the real VS Code: activation, and opening a small profile against an empty custom editor.
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileProfile, scaledProfile } from './bench-inputs.mjs';
import { say } from './setup.mjs';
import { startVsCode } from './vscode-server.mjs';
import { exampleWorkspace, openBrowser } from './workbench.mjs';

const RUNS = 12;
const LARGE_RUNS = 7;

/** An extension whose custom editor shows an empty page and says so: the floor of what opening one costs. */
function emptyEditorExtension(folder) {
  const extension = path.join(folder, 'bench.empty-editor-1.0.0');
  mkdirSync(extension, { recursive: true });
  writeFileSync(
    path.join(extension, 'package.json'),
    JSON.stringify({
      name: 'empty-editor',
      publisher: 'bench',
      version: '1.0.0',
      engines: { vscode: '^1.101.0' },
      main: './main.js',
      activationEvents: ['*'],
      contributes: { customEditors: [{ viewType: 'bench.empty', displayName: 'Empty', selector: [{ filenamePattern: '*.empty' }] }] },
    }),
  );
  writeFileSync(
    path.join(extension, 'main.js'),
    `const vscode = require('vscode');
exports.activate = () => {
  const shown = new vscode.EventEmitter();
  vscode.window.registerCustomEditorProvider('bench.empty', {
    openCustomDocument: (uri) => ({ uri, dispose() {} }),
    resolveCustomEditor(document, panel) {
      panel.webview.options = { enableScripts: true };
      panel.webview.onDidReceiveMessage(() => shown.fire());
      panel.webview.html = '<!DOCTYPE html><html><body><script>const api = acquireVsCodeApi(); requestAnimationFrame(() => requestAnimationFrame(() => api.postMessage({})));</script></body></html>';
    },
  });
  return { onDidShow: shown.event };
};
`,
  );
  return extension;
}

/** Runs inside the extension host. */
const probe = (runs, largeRuns) => `const vscode = require('vscode');
exports.run = async () => {
  const plateau = vscode.extensions.getExtension('plateau.plateau');
  const empty = vscode.extensions.getExtension('bench.empty-editor');
  const wasActive = plateau.isActive;
  const before = performance.now();
  const api = await plateau.activate();
  const activation = performance.now() - before;
  const floor = await empty.activate();
  const folder = vscode.workspace.workspaceFolders[0].uri;
  const open = async (name, viewType, event) => {
    const started = performance.now();
    const shown = new Promise((resolve) => { const one = event(() => { one.dispose(); resolve(); }); });
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.joinPath(folder, name), viewType);
    await shown;
    const ms = performance.now() - started;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await new Promise((resolve) => setTimeout(resolve, 300));
    return ms;
  };
  const profiles = [], empties = [];
  await open('a.cpuprofile', 'plateau.profile', api.editors.onDidShow);
  await open('a.empty', 'bench.empty', floor.onDidShow);
  for (let i = 0; i < ${runs}; i++) {
    const pair = [() => open('a.cpuprofile', 'plateau.profile', api.editors.onDidShow).then((ms) => profiles.push(ms)), () => open('a.empty', 'bench.empty', floor.onDidShow).then((ms) => empties.push(ms))];
    for (const go of i % 2 ? pair.reverse() : pair) await go();
  }
  // The longest time between two turns of the event loop, without what the thread waited for a processor:
  // Linux tells that, elsewhere it is within.
  const { readFileSync } = require('node:fs');
  const waited = () => { try { return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]) / 1e6; } catch { return 0; } };
  const longestBlock = async (act) => {
    let longest = 0, isOver = false, last = performance.now(), before = waited();
    const turn = () => {
      const now = performance.now(), queued = waited();
      longest = Math.max(longest, now - last - (queued - before) - 1);
      last = performance.now();
      before = queued;
      if (!isOver) setTimeout(turn, 1);
    };
    setTimeout(turn, 1);
    await act();
    isOver = true;
    return longest;
  };
  const resting = await longestBlock(() => new Promise((resolve) => setTimeout(resolve, 1500)));
  const blocks = [];
  for (let i = 0; i < ${largeRuns}; i++) {
    blocks.push(await longestBlock(() => open('large-' + i + '.cpuprofile', 'plateau.profile', api.editors.onDidShow)));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  console.log('bench ' + JSON.stringify({ resting, blocks, wasActive, activation, inner: api.activationMs, profiles, empties }));
};
`;

export async function runEditorBench(inputs, median) {
  const workspace = exampleWorkspace();
  const tests = path.join(inputs, 'probe.cjs');
  writeFileSync(tests, probe(RUNS, LARGE_RUNS));
  // About 100 KB: a real profile's first nodes and samples.
  const raw = JSON.parse(readFileSync(path.join(inputs, 'tsc.cpuprofile'), 'utf8'));
  const nodes = raw.nodes
    .slice(0, 330)
    .map((node) => ({ ...node, children: node.children?.filter((id) => raw.nodes.slice(0, 330).some((one) => one.id === id)) }));
  const ids = new Set(nodes.map(({ id }) => id));
  const samples = raw.samples.filter((id) => ids.has(id)).slice(0, 3000);
  const small = JSON.stringify({ ...raw, nodes, samples, timeDeltas: samples.map(() => 50), startTime: 0, endTime: samples.length * 50 });
  writeFileSync(path.join(workspace.folder, 'a.cpuprofile'), small);
  writeFileSync(path.join(workspace.folder, 'a.empty'), '');
  const large = scaledProfile(inputs, compileProfile(inputs), 'scaled-56mb', 56e6);
  for (let i = 0; i < LARGE_RUNS; i++) copyFileSync(large, path.join(workspace.folder, `large-${i}.cpuprofile`));
  const vscode = await startVsCode({ installed: [emptyEditorExtension(inputs)] });
  const browser = await openBrowser();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    let result;
    const told = [];
    const done = new Promise((resolve) => page.exposeFunction('codeAutomationExit', resolve));
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const text = args.map(String).join(' ');
      if (/^FAILED|Error/.test(text)) told.push(text);
      if (text.startsWith('bench ')) result = JSON.parse(text.slice(6));
    });
    await page.goto(vscode.url(workspace.folder, tests));
    await Promise.race([done, new Promise((_, reject) => setTimeout(() => reject(new Error('no result within 3 minutes')), 180_000).unref())]);
    if (!result) throw new Error(`the probe told nothing\n${told.join('\n')}`);
    const size = `${(small.length / 1000).toFixed(0)} KB`;
    say(
      `activation ${result.inner.toFixed(1)} ms, profile ${median(result.profiles).toFixed(0)} ms, empty editor ${median(result.empties).toFixed(0)} ms, longest blocks ${result.blocks.map((ms) => ms.toFixed(1)).join(' ')} ms`,
    );
    return [
      { name: 'Extension activation, bundle loaded', ms: result.inner, yardstick: 'at most 100 ms' },
      { name: 'Extension activation as VS Code waits for it', ms: result.activation, yardstick: result.wasActive ? 'was active already' : 'at most 100 ms' },
      {
        name: `Extension host: longest time not free while a ${(statSync(large).size / 1e6).toFixed(0)} MB profile opens`,
        ms: median(result.blocks),
        yardstick: `at most 20 ms; the longest of ${LARGE_RUNS} openings ${Math.max(...result.blocks).toFixed(1)}; at rest`,
        yardstickMs: result.resting,
      },
      {
        name: `Opening a ${size} profile until its flame graph is drawn`,
        ms: median(result.profiles),
        yardstick: 'opening an empty custom editor',
        yardstickMs: median(result.empties),
        ratio: median(result.profiles.map((ms, i) => ms / result.empties[i])),
      },
    ];
  } finally {
    await browser.close();
    vscode.stop();
    workspace.remove();
  }
}
