// The main job, end to end, in a real VS Code: opens the bundled example, profiles one of
// its functions through the command palette, prints what was found, leaves pictures.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build, ensureBrowser, ensureDependencies, ensureVsCode, root, run, say } from './setup.mjs';

ensureDependencies();
await build();
ensureVsCode();
ensureBrowser();
const { startVsCode } = await import('./vscode-server.mjs');
const { exampleWorkspace, openBrowser, openWorkbench } = await import('./workbench.mjs');

const out = path.join(root, 'out', 'demo');
mkdirSync(out, { recursive: true });
const workspace = exampleWorkspace();
say('Opening the example in VS Code…');
const vscode = await startVsCode({ asUser: true });
const browser = await openBrowser();
try {
  const bench = await openWorkbench(browser, vscode.url(workspace.folder));
  const shot = (name) => bench.shot(path.join(out, `${name}.png`));
  await bench.openFile('src/match-orders.ts');
  await bench.goTo(7, 20);
  say('Plateau: Profile Function, with the cursor in matchOrders…');
  await bench.palette('Plateau: Profile Function');
  await bench.choose('Call it in a loop');
  const answer = async (title, text, picture) => {
    await bench.page.locator('.quick-input-title', { hasText: title }).waitFor();
    await bench.quickInput.fill(text);
    await bench.page.waitForTimeout(500);
    if (picture) await shot(picture);
    await bench.page.keyboard.press('Enter');
  };
  const customers = 'Array.from({ length: 3000 }, (_, id) => ({ id, name: "Ada", region: "north" }))';
  const orders = 'Array.from({ length: 500 }, (_, id) => ({ id, customerId: (id * 7919) % 3000, at: "2026-01-05T00:00:00Z", items: [] }))';
  await answer('matchOrders(…)', `${orders}, ${customers}`, '1-arguments');
  await answer('For how long?', '2');
  await bench.flameGraph();
  await bench.page.waitForTimeout(1500);
  await shot('2-flame-graph');
  say('And the whole report, with Plateau: Profile Active File…');
  await bench.openFile('src/main.ts');
  await bench.palette('Plateau: Profile Active File');
  await bench.choose('Run main.ts');
  const profiles = path.join(workspace.folder, '.plateau', 'profiles');
  const recorded = () => readdirSync(profiles).filter((name) => name.endsWith('.cpuprofile'));
  for (let i = 0; i < 300 && recorded().length < 2; i++) await bench.page.waitForTimeout(100);
  await bench.page.waitForTimeout(2000);
  await bench.palette('View: Close All Editors');
  await bench.openFile('src/match-orders.ts');
  await bench.page.waitForTimeout(1500);
  await shot('3-costs-beside-the-code');
  for (const name of recorded()) {
    console.log(`\n${'─'.repeat(72)}\n${run(process.execPath, ['dist/cli.cjs', 'analyze', path.join(profiles, name), '--top', '6'])}`);
  }
  console.log(
    `Pictures: ${readdirSync(out)
      .map((name) => path.relative(process.cwd(), path.join(out, name)))
      .join(', ')}`,
  );
} finally {
  await browser.close();
  vscode.stop();
  workspace.remove();
}
