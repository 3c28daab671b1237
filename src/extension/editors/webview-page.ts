import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { copyName } from '../../files/copy-name';
import type { SlabSource, ToWebview } from '../../protocol/webview';
import { formatCount } from '../../shared/format';
import { pagePolicy } from './webview-policy';

/** Up to here messages are faster than a fetch, which goes through the webview's service worker. */
const MAX_SENT_BYTES = 4 << 20;
/** A part takes the extension host some milliseconds; between parts it is free. */
const PART_BYTES = 128 << 10;

/** Sends a slab, unless it is so large that the page had better fetch it; undefined where `token` has ended it. */
export async function sendSlab(
  webview: vscode.Webview,
  link: PageLink<Extract<ToWebview, { kind: 'slabPart' }>>,
  file: string,
  size: number,
  token: vscode.CancellationToken,
): Promise<SlabSource | undefined> {
  if (size > MAX_SENT_BYTES) return { url: webview.asWebviewUri(vscode.Uri.file(file)).toString() };
  const handle = await fs.open(file);
  try {
    for (let at = 0; at < size; at += PART_BYTES) {
      const bytes = new ArrayBuffer(Math.min(PART_BYTES, size - at));
      await handle.read(new Uint8Array(bytes), 0, bytes.byteLength, at);
      if (token.isCancellationRequested) return undefined;
      link.post({ kind: 'slabPart', at, bytes });
      await nextTurn();
    }
  } finally {
    await handle.close();
  }
  return { sent: size };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A virtual file system gives a file whole, into the memory that all extensions share. */
const MOST_COPIED = 2 ** 30;

/** The server reads files; what lives elsewhere (a virtual workspace) is copied to one that only the user may read. */
export async function localFile(uri: vscode.Uri, storage: vscode.Uri): Promise<string> {
  if (uri.scheme === 'file') return uri.fsPath;
  const { size } = await vscode.workspace.fs.stat(uri);
  const bytes = size > MOST_COPIED ? undefined : await vscode.workspace.fs.readFile(uri);
  if (!bytes || bytes.length > MOST_COPIED)
    throw new Error(
      `It has ${formatCount(bytes?.length ?? size)} bytes, too many to be copied from ${uri.scheme}:. Save it on this machine and open it there.`,
    );
  const folder = path.join(storage.fsPath, 'copies', createHash('sha256').update(uri.toString()).digest('hex').slice(0, 16));
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = path.join(folder, copyName(basename(uri)));
  await fs.writeFile(copy, bytes, { mode: 0o600 });
  return copy;
}

export const basename = (uri: vscode.Uri): string => uri.path.slice(uri.path.lastIndexOf('/') + 1);

/** The page with its script and style within: two requests less, which is half of what opening a small profile costs. */
export function page(webview: vscode.Webview, { script, style }: PageParts, title = 'Plateau'): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = pagePolicy(nonce, webview.cspSource);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${nonce}">${style}</style>
<title>${title}</title>
</head>
<body>
<main id="app"></main>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

export interface PageParts {
  readonly script: string;
  readonly style: string;
}

const pageParts = new Map<string, Promise<PageParts>>();

/** Read once; a closing tag within the text would end it early. */
export function readPageParts(dist: vscode.Uri, name: 'webview' | 'heap-webview' | 'hunt' | 'doctor'): Promise<PageParts> {
  const read = async (part: string): Promise<string> => Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(dist, part))).toString('utf8');
  const known = pageParts.get(name);
  if (known) return known;
  const parts = Promise.all([read(`${name}.js`), read(`${name}.css`)]).then(([script, style]) => ({
    script: script.replace(/<\/(?=script)/gi, '<\\/').replace(/\n\/\/# sourceMappingURL=.*/g, ''),
    style: style.replace(/<\/(?=style)/gi, '<\\/').replace(/\/\*# sourceMappingURL=.*?\*\//g, ''),
  }));
  pageParts.set(name, parts);
  return parts;
}

/** Messages to a page; those from before it is ready wait for it. */
export interface PageLink<To> {
  post(message: To): void;
  /** What to do when the page says that it is ready. True where it starts anew, and has to be told everything again. */
  ready(): boolean;
}

export function pageLink<To>(webview: vscode.Webview): PageLink<To> {
  let isReady = false;
  let isSending = false;
  const queue: To[] = [];
  /** One a turn: the extension host is not kept from its other work by what has been waiting for the page. */
  const send = async (): Promise<void> => {
    if (!isReady || isSending) return;
    isSending = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        void webview.postMessage(next);
        await nextTurn();
      }
    } catch {
      queue.length = 0; // the page is gone
    } finally {
      isSending = false;
    }
  };
  return {
    post(message) {
      queue.push(message);
      void send();
    },
    ready() {
      const wasReady = isReady;
      isReady = true;
      void send();
      return wasReady;
    },
  };
}

/** A file that is written arrives in parts; it is looked at when it has been still for so long. */
const STILL_MS = 300;

/** Tells when a file is another one, and when it is gone. */
export function watchFile(uri: vscode.Uri, { onChange, onDelete }: { onChange(): void; onDelete(): void }): vscode.Disposable {
  const pattern = basename(uri).replace(/[[\]{}*?]/g, '?');
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), pattern));
  let debounce: NodeJS.Timeout | undefined;
  const changed = (): void => {
    clearTimeout(debounce);
    debounce = setTimeout(onChange, STILL_MS);
  };
  return vscode.Disposable.from(watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), watcher.onDidDelete(onDelete), {
    dispose: () => clearTimeout(debounce),
  });
}
