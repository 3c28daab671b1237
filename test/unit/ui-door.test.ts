import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What reaches the user's eyes goes through one file in each shell, which makes text of it. */
const doors = {
  ui: 'src/extension/ui.ts',
  places: 'src/extension/show-place.ts',
  messages: 'src/extension/editors/page-messages.ts',
  client: 'src/server/client-ui.ts',
  page: 'webview/ui/dom.ts',
} as const;

/** Members of `vscode.window` that show no text, or only what VS Code itself makes of a file. Whatever else it has needs a door. */
const silent = new Set([
  'activeTextEditor',
  'visibleTextEditors',
  'tabGroups',
  'activeColorTheme',
  'createTextEditorDecorationType',
  'registerCustomEditorProvider',
  'onDidChangeVisibleTextEditors',
]);
/** Of `vscode`, what holds text that is shown. */
const spoken =
  /^(?:TreeItem|MarkdownString|Hover|CodeLens|CodeAction|Diagnostic|InlayHint\w*|CompletionItem|Notebook\w*|InlineCompletion\w*|chat|lm|comments|scm|tests|authentication)$/;
const serverMembers =
  /^(?:window|console|tracer|telemetry|sendDiagnostics|on(?:Hover|CodeLens\w*|CodeAction\w*|Completion\w*|SignatureHelp|DocumentSymbol|WorkspaceSymbol|DocumentLinks))$/;

interface Use {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** What a source uses of a user interface without going through a door. */
function usesOf(file: string, text: string): Use[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Use[] = [];
  const add = (node: ts.Node, what: string): void => void found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, what });
  const visit = (node: ts.Node): void => {
    if (file.startsWith('src/extension/')) extensionUse(file, node, add);
    if (file.startsWith('src/server/')) serverUse(file, node, add);
    if (file.startsWith('webview/')) pageUse(file, node, add);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const isName = (node: ts.Node, name: string): boolean => ts.isIdentifier(node) && node.text === name;
/** The name of a member, also where it is in brackets; undefined where it is not known before the program runs. */
function memberOf(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : undefined;
}
const isAccess = (node: ts.Node): node is ts.PropertyAccessExpression | ts.ElementAccessExpression =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
const isMember = (node: ts.Node, object: string, member: string): boolean => isAccess(node) && isName(node.expression, object) && memberOf(node) === member;

function extensionUse(file: string, node: ts.Node, add: (node: ts.Node, what: string) => void): void {
  // The module has one name, so that nothing of it goes by another.
  if (ts.isImportDeclaration(node) && (node.moduleSpecifier as ts.StringLiteral).text === 'vscode') {
    const bindings = node.importClause?.namedBindings;
    if (!bindings || !ts.isNamespaceImport(bindings) || bindings.name.text !== 'vscode') add(node, 'vscode by another name');
  }
  if (isName(node, 'vscode') && !isAccess(node.parent) && !ts.isQualifiedName(node.parent) && !ts.isNamespaceImport(node.parent))
    add(node, 'vscode as a value');
  if (file !== doors.messages && isAccess(node) && memberOf(node) === 'onDidReceiveMessage') add(node, 'onDidReceiveMessage');
  if (file === doors.ui) return;
  if (ts.isStringLiteralLike(node) && /^(?:vscode\.diff|vscode\.changes|workbench\.action\.(?:files\.newUntitledFile|terminal\.\w+))$/.test(node.text))
    add(node, node.text);
  if (!isAccess(node)) return;
  const member = memberOf(node);
  if (isName(node.expression, 'vscode') && (member === undefined || spoken.test(member))) add(node, `vscode.${member}`);
  if (isMember(node, 'vscode', 'window') && !isAccess(node.parent)) add(node, 'vscode.window as a value');
  if (isMember(node.expression, 'vscode', 'window') && !silent.has(member ?? '') && !(file === doors.places && member === 'showTextDocument'))
    add(node, `vscode.window.${member}`);
  if (isMember(node.expression, 'vscode', 'commands') && member !== 'executeCommand' && member !== 'getCommands') add(node, `vscode.commands.${member}`);
  if (isMember(node.expression, 'vscode', 'languages') && member !== 'match') add(node, `vscode.languages.${member}`);
}

function serverUse(file: string, node: ts.Node, add: (node: ts.Node, what: string) => void): void {
  if (file === doors.client) return;
  if (ts.isStringLiteralLike(node) && /^(?:window\/(?:show|log|workDone)\w+|textDocument\/publishDiagnostics|telemetry\/event)/.test(node.text))
    add(node, node.text);
  if (!isAccess(node) || !isName(node.expression, 'connection')) return;
  const member = memberOf(node);
  if (member === undefined || serverMembers.test(member)) add(node, `connection.${member}`);
  if (member === 'languages' && !/^connection\.languages\.inlayHint\.refresh$/.test(node.parent.parent.getText())) add(node, node.parent.getText());
}

const markup = /^(?:innerHTML|outerHTML|srcdoc|insertAdjacentHTML|createContextualFragment|setHTML|setHTMLUnsafe|parseFromString|write|writeln|cssText)$/;

function pageUse(file: string, node: ts.Node, add: (node: ts.Node, what: string) => void): void {
  if (isAccess(node)) {
    const member = memberOf(node) ?? '';
    const ofDocument = !/^write/.test(member) || isName(node.expression, 'document');
    if (markup.test(member) && ofDocument) add(node, member);
  }
  if (ts.isIdentifier(node) && /^(?:eval|Function|DOMParser)$/.test(node.text) && !ts.isTypeReferenceNode(node.parent)) add(node, node.text);
  if (file === doors.page || !ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
  const isText = isAccess(node.left) && /^(?:textContent|innerText|nodeValue|data)$/.test(memberOf(node.left) ?? '');
  if (isText && !ts.isStringLiteral(node.right)) add(node, node.left.getText());
}

const sources = ['src/extension', 'src/server', 'webview'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name.split(path.sep).join('/')}`),
);

test('every text for the user goes through a door', () => {
  expect(sources.length).toBeGreaterThan(40);
  for (const door of Object.values(doors)) expect(sources).toContain(door);
  expect(sources.flatMap((file) => usesOf(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
});

test.each([
  ['vscode.window.showInformationMessage(name);', 'vscode.window.showInformationMessage'],
  ['vscode.window\n  .showErrorMessage(name);', 'vscode.window.showErrorMessage'],
  ["vscode.window['showWarningMessage'](name);", 'vscode.window.showWarningMessage'],
  ['vscode.window[which](name);', 'vscode.window.undefined'],
  ['vscode[which].showWarningMessage(name);', 'vscode.undefined'],
  ['const { showWarningMessage } = vscode.window;', 'vscode.window as a value'],
  ['const { window } = vscode;', 'vscode as a value'],
  ['const api = vscode;', 'vscode as a value'],
  ["import { window } from 'vscode';", 'vscode by another name'],
  ["import * as api from 'vscode';", 'vscode by another name'],
  ['vscode.window.createQuickPick();', 'vscode.window.createQuickPick'],
  ["vscode.window.createStatusBarItem('a');", 'vscode.window.createStatusBarItem'],
  ['vscode.window.withProgress({}, run);', 'vscode.window.withProgress'],
  ["vscode.window.createOutputChannel('a');", 'vscode.window.createOutputChannel'],
  ['vscode.window.showTextDocument(uri);', 'vscode.window.showTextDocument'],
  ['new vscode.TreeItem(name);', 'vscode.TreeItem'],
  ['new vscode.MarkdownString(name);', 'vscode.MarkdownString'],
  ["vscode.commands.registerCommand('a', run);", 'vscode.commands.registerCommand'],
  ['vscode.languages.registerHoverProvider(all, hover);', 'vscode.languages.registerHoverProvider'],
  ["vscode.commands.executeCommand('vscode.diff', a, b, name);", 'vscode.diff'],
  ['webview.onDidReceiveMessage(run);', 'onDidReceiveMessage'],
])('the extension: %s is seen', (text, what) => {
  expect(usesOf('src/extension/example.ts', text).map((use) => use.what)).toContain(what);
});

test.each([
  ['connection.window.showErrorMessage(name);', 'connection.window'],
  ['connection.console.log(name);', 'connection.console'],
  ['connection.sendDiagnostics({ uri, diagnostics });', 'connection.sendDiagnostics'],
  ['connection.onHover(answer);', 'connection.onHover'],
  ['connection.languages.inlayHint.on(answer);', 'connection.languages.inlayHint'],
  ['connection[which](name);', 'connection.undefined'],
  ["connection.sendNotification('window/showMessage', { message });", 'window/showMessage'],
])('the server: %s is seen', (text, what) => {
  expect(usesOf('src/server/example.ts', text).map((use) => use.what)).toContain(what);
});

test.each([
  ['element.innerHTML = name;', 'innerHTML'],
  ["element['innerHTML'] += name;", 'innerHTML'],
  ["element.insertAdjacentHTML('beforeend', name);", 'insertAdjacentHTML'],
  ['document.write(name);', 'write'],
  ['new DOMParser();', 'DOMParser'],
  ['eval(name);', 'eval'],
  ['element.textContent = name;', 'element.textContent'],
])('a page: %s is seen', (text, what) => {
  expect(usesOf('webview/example.ts', text).map((use) => use.what)).toContain(what);
});

test('what shows nothing is free to use', () => {
  const text =
    "import * as vscode from 'vscode';\nconst editor: vscode.TextEditor | undefined = vscode.window.activeTextEditor;\nvscode.commands.executeCommand('setContext', 'a', true);\n";
  expect(usesOf('src/extension/example.ts', text)).toEqual([]);
  expect(usesOf('src/server/example.ts', 'connection.languages.inlayHint.refresh();')).toEqual([]);
});
