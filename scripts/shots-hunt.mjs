// Pictures of a leak hunt by hand: while it runs, with what it found, and when the leak is gone.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleWorkspace, openWorkbench } from './workbench.mjs';

const program = `import { writeFileSync } from 'node:fs';
import http from 'node:http';

const sessions = new Map();
const listeners = [];

class Session {
  constructor(id, url) {
    this.id = id;
    this.visited = [url];
  }
}

function track(id, url) {
  const session = new Session(id, url);
  sessions.set(id, session);
  listeners.push(function onExpire() {
    return session.visited.length;
  });
}

let visitors = 0;
const server = http.createServer((request, response) => {
  track(\`visitor-\${visitors++}\`, request.url);
  response.end('welcome');
});
server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
`;
const mended = program.replace('sessions.set(id, session);\n', "sessions.set('latest', session);\n").replace('listeners.push(', 'listeners.splice(0, 1, ');

export async function takeHuntSet({ browser, vscode, out, name, settings }) {
  const workspace = exampleWorkspace(settings);
  const file = path.join(workspace.folder, 'visits.mjs');
  const port = path.join(workspace.folder, 'port');
  writeFileSync(file, program);
  const bench = await openWorkbench(browser, vscode.url(workspace.folder), { width: 1400, height: 900 });
  const { page } = bench;
  const shot = (view) => bench.shot(path.join(out, `${name}-hunt-${view}.png`));
  const inSizes = async (view) => {
    await shot(view);
    await page.setViewportSize({ width: 480, height: 900 });
    await page.waitForTimeout(600);
    await shot(`${view}-narrow`);
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.waitForTimeout(400);
  };
  const visit = async (times) => {
    while (!existsSync(port)) await page.waitForTimeout(100);
    for (let i = 0; i < times; i++) await (await fetch(`http://127.0.0.1:${readFileSync(port, 'utf8')}/page-${i % 7}`)).text();
  };
  const hideTerminal = async () => {
    await page.locator('.part.panel .terminal-outer-container').first().waitFor({ timeout: 30_000 });
    await page.keyboard.press('Control+j');
  };
  /** Does what the panel asks for until the result is there. */
  const play = async (frame, onLast) => {
    for (let turn = 1; ; turn++) {
      await frame.locator('.actions .primary:enabled').first().waitFor({ timeout: 60_000 });
      if ((await frame.locator('.actions .primary').textContent()) !== 'Next') return;
      for (let i = 0; i < 6; i++) {
        await visit(40);
        await page.waitForTimeout(250);
      }
      if (turn === 3) await onLast?.();
      await frame.locator('.actions .primary').click();
      await page.waitForTimeout(300);
    }
  };
  try {
    await bench.openFile('visits.mjs');
    await bench.palette('Plateau: Hunt a Leak');
    await bench.choose('By hand');
    await bench.choose('Run visits.mjs');
    const frame = await bench.flameGraph('.actions .primary');
    await hideTerminal();
    await page.keyboard.press('Control+b');
    await play(frame, () => inSizes('running'));
    await frame.locator('summary').first().click();
    await page.waitForTimeout(600);
    await inSizes('result');
    rmSync(port);
    writeFileSync(file, mended);
    await frame.locator('.actions .primary').click();
    await hideTerminal();
    await play(frame);
    await page.waitForTimeout(600);
    await inSizes('gone');
  } catch (error) {
    await shot('failed');
    throw error;
  } finally {
    await bench.close();
    workspace.remove();
  }
}
