// Opens a VS Code with the extension and the bundled example, for a person.
import { spawn } from 'node:child_process';
import { build, ensureBrowser, ensureDependencies, say } from './setup.mjs';

ensureDependencies();
await build();
const { startVsCode } = await import('./vscode-server.mjs');
const { exampleWorkspace } = await import('./workbench.mjs');
const workspace = exampleWorkspace();
const vscode = await startVsCode({ asUser: true });
const url = vscode.url(workspace.folder);
console.log(`\nVS Code with Plateau: ${url}\nWorkspace: ${workspace.folder}\nPress Ctrl+C to end it.\n`);
if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || process.platform !== 'linux') {
  const browser = spawn(ensureBrowser(), ['--no-first-run', `--user-data-dir=${vscode.data}/browser`, `--app=${url}`], { stdio: 'ignore' });
  browser.on('error', (error) => say(`No window could be opened (${error.message}); open the address above.`));
} else {
  say('There is no display here: open the address above in a browser of this machine.');
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    vscode.stop();
    workspace.remove();
    process.exit(0);
  });
}
setInterval(() => {}, 1 << 30);
