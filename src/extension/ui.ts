/**
 * The one door to VS Code's user interface: whatever text goes through here stays text.
 * `test/unit/ui-door.test.ts` keeps every other file from the functions behind it. Markup of
 * Plateau's own (an icon, a link to a command) is never in a text; it has a parameter.
 */
import * as vscode from 'vscode';
import type { Markdown } from '../shared/markdown';
import { plainLines, plainText } from '../shared/plain-text';

/** What stands on one line beside other things. */
const MAX_LABEL = 200;
const MAX_STATUS = 100;
const MAX_NAME = 40;

type Choices<B extends string> = Thenable<B | undefined>;

export const showInfo = <B extends string>(text: string, ...buttons: readonly B[]): Choices<B> =>
  chosen(buttons, (shown) => vscode.window.showInformationMessage(plainText(text), ...shown));
export const showWarning = <B extends string>(text: string, ...buttons: readonly B[]): Choices<B> =>
  chosen(buttons, (shown) => vscode.window.showWarningMessage(plainText(text), ...shown));
export const showFailure = <B extends string>(text: string, ...buttons: readonly B[]): Choices<B> =>
  chosen(buttons, (shown) => vscode.window.showErrorMessage(plainText(text), ...shown));

/** Asks in a box that has to be answered; `detail` is smaller and may have several lines. */
export const showModal = <B extends string>(text: string, detail: readonly string[], ...buttons: readonly B[]): Choices<B> =>
  chosen(buttons, (shown) => vscode.window.showWarningMessage(plainText(text), { modal: true, detail: plainLines(detail) }, ...shown));

async function chosen<B extends string>(buttons: readonly B[], show: (shown: readonly string[]) => Thenable<string | undefined>): Promise<B | undefined> {
  const shown = buttons.map((one) => plainText(one, MAX_LABEL));
  const choice = await show(shown);
  return choice === undefined ? undefined : buttons[shown.indexOf(choice)];
}

/** Shows why something that the user asked for did not happen. */
export const showError = (error: unknown): void => void showFailure(`Plateau: ${messageOf(error)}`);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A command of Plateau's. VS Code shows the message of what it throws. */
export const registerCommand = (name: string, run: (...args: never[]) => unknown): vscode.Disposable =>
  vscode.commands.registerCommand(name, (...args: unknown[]) => harmless(() => run(...(args as never[]))));

/** What is thrown says what it says as plain text: VS Code puts it into a notification. */
async function harmless<T>(run: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new Error(plainText(messageOf(error)), { cause: error });
  }
}

/** A text in the status bar for a while. */
export const showStatus = (icon: string, text: string, milliseconds: number): vscode.Disposable =>
  vscode.window.setStatusBarMessage(`$(${icon}) ${plainText(text, MAX_STATUS)}`, milliseconds);

export interface StatusItem extends vscode.Disposable {
  show(icon: string, text: string, tooltip: readonly string[]): void;
  hide(): void;
}

/** An entry of the status bar that runs a command. */
export function statusItem(id: string, name: string, command: string, alignment: vscode.StatusBarAlignment, priority: number, isProminent = false): StatusItem {
  const item = vscode.window.createStatusBarItem(id, alignment, priority);
  item.name = plainText(name, MAX_LABEL);
  item.command = command;
  if (isProminent) item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  return {
    show(icon, text, tooltip) {
      item.text = `$(${icon}) ${plainText(text, MAX_STATUS)}`;
      item.tooltip = plainLines(tooltip);
      item.show();
    },
    hide: () => item.hide(),
    dispose: () => item.dispose(),
  };
}

/** What a progress notification says at the moment; `increment` in percent. */
export type Report = (message: string, increment?: number) => void;

interface ProgressOptions {
  readonly title: string;
  /** In the status bar instead of a notification. */
  readonly isQuiet?: boolean;
  readonly cancellable?: boolean;
  /** Links beside the message, the first of them what is wanted most. */
  readonly links?: ProgressLinks;
}

export type ProgressLinks = readonly { readonly label: string; readonly command: `plateau.${string}` }[];

export function withProgress<T>(
  { title, isQuiet = false, cancellable = false, links = [] }: ProgressOptions,
  run: (report: Report, token: vscode.CancellationToken) => Thenable<T>,
): Thenable<T> {
  const location = isQuiet ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification;
  const end = links.map(({ label, command }, at) => `${at === 0 ? '. ' : ' · '}[${plainText(label, MAX_LABEL)}](command:${command})`).join('');
  return vscode.window.withProgress({ location, title: plainText(title, MAX_LABEL), cancellable }, (progress, token) =>
    run((message, increment) => progress.report({ message: plainText(message, MAX_LABEL) + end, ...(increment === undefined ? {} : { increment }) }), token),
  );
}

/** An entry of a list to choose from. */
export interface PickItem {
  readonly icon?: string;
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  /** A line between groups; it cannot be chosen. */
  readonly isSeparator?: boolean;
}

interface PickOptions extends Pick<vscode.QuickPickOptions, 'matchOnDescription' | 'matchOnDetail' | 'ignoreFocusOut'> {
  readonly title: string;
  readonly placeHolder?: string;
}

/** Gives the entry as it was handed over. */
export async function pickOne<T extends PickItem>(items: readonly T[], options: PickOptions): Promise<T | undefined> {
  const shown = items.map(({ icon, label, description, detail, isSeparator }, at) => ({
    label: (icon === undefined ? '' : `$(${icon}) `) + plainText(label, MAX_LABEL),
    ...(description === undefined ? {} : { description: plainText(description, MAX_LABEL) }),
    ...(detail === undefined ? {} : { detail: plainText(detail) }),
    ...(isSeparator ? { kind: vscode.QuickPickItemKind.Separator } : {}),
    at,
  }));
  const { title, placeHolder } = options;
  const picked = await vscode.window.showQuickPick(shown, {
    ...options,
    title: plainText(title, MAX_LABEL),
    ...(placeHolder === undefined ? {} : { placeHolder: plainText(placeHolder, MAX_LABEL) }),
  });
  return picked && items[picked.at];
}

interface AskOptions {
  readonly title: string;
  readonly prompt?: string;
  readonly placeHolder?: string;
  /** What stands in the box at first: the user's to change, as it is. */
  readonly value?: string;
  /** Is not shown as it is typed, and waits while something is looked up elsewhere. */
  readonly isSecret?: boolean;
  /** Why a text cannot be taken. */
  readonly check?: (text: string) => string | undefined | Promise<string | undefined>;
}

/** Asks for a line of text. */
export function askText({ title, prompt, placeHolder, value, isSecret = false, check }: AskOptions): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: plainText(title, MAX_LABEL),
    ...(prompt === undefined ? {} : { prompt: plainText(prompt) }),
    ...(placeHolder === undefined ? {} : { placeHolder: plainText(placeHolder, MAX_LABEL) }),
    ...(value === undefined ? {} : { value }),
    ...(isSecret ? { password: true, ignoreFocusOut: true } : {}),
    ...(check === undefined
      ? {}
      : {
          validateInput: async (text) => {
            const problem = await check(text);
            return problem === undefined ? undefined : plainText(problem);
          },
        }),
  });
}

type FileFilters = Readonly<Record<string, readonly string[]>>;
const filtersOf = (filters: FileFilters): { [name: string]: string[] } =>
  Object.fromEntries(Object.entries(filters).map(([name, ends]) => [plainText(name, MAX_LABEL), [...ends]]));

export const askOpen = async (title: string, filters: FileFilters): Promise<vscode.Uri | undefined> =>
  (await vscode.window.showOpenDialog({ title: plainText(title, MAX_LABEL), filters: filtersOf(filters) }))?.[0];

export const askSave = (title: string, defaultUri: vscode.Uri, filters: FileFilters): Thenable<vscode.Uri | undefined> =>
  vscode.window.showSaveDialog({ title: plainText(title, MAX_LABEL), defaultUri, filters: filtersOf(filters) });

/** A row of a tree; the tooltip may have several lines, or be Markdown. */
export interface TreeRow extends Pick<vscode.TreeItem, 'id' | 'iconPath' | 'contextValue' | 'command'> {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: readonly string[] | Markdown;
  /** For screen readers. */
  readonly spoken?: string;
  readonly isFolded?: boolean;
}

export interface Tree<T> extends vscode.Disposable {
  readonly selection: readonly T[];
  /** `count` things are new; `message` stands above the rows. */
  tell(count: number, countText: string, message: string | undefined): void;
}

interface TreeSource<T> {
  readonly changed: vscode.Event<undefined>;
  children(row: T | undefined): T[] | Promise<T[]>;
  row(element: T): TreeRow;
  readonly drops?: vscode.TreeDragAndDropController<T>;
}

/** A list in the side bar; several rows can be selected. */
export function createTree<T>(id: string, { changed, children, row, drops }: TreeSource<T>): Tree<T> {
  const view = vscode.window.createTreeView<T>(id, {
    canSelectMany: true,
    ...(drops ? { dragAndDropController: drops } : {}),
    treeDataProvider: {
      onDidChangeTreeData: changed,
      getChildren: (element) => harmless(() => children(element)),
      getTreeItem: (element) => treeItem(row(element)),
    },
  });
  return {
    get selection() {
      return view.selection;
    },
    tell(count, countText, message) {
      view.badge = count > 0 ? { value: count, tooltip: plainText(countText, MAX_LABEL) } : undefined;
      view.message = message === undefined ? undefined : plainText(message);
    },
    dispose: () => view.dispose(),
  };
}

function treeItem({ label, description, tooltip, spoken, isFolded, ...rest }: TreeRow): vscode.TreeItem {
  const item = new vscode.TreeItem(plainText(label, MAX_LABEL), isFolded ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  Object.assign(item, rest);
  if (description !== undefined) item.description = plainText(description, MAX_LABEL);
  if (tooltip) item.tooltip = 'kind' in tooltip ? markdownString(tooltip) : plainLines(tooltip);
  if (spoken !== undefined) item.accessibilityInformation = { label: plainText(spoken) };
  return item;
}

function markdownString({ value }: Markdown): vscode.MarkdownString {
  const text = new vscode.MarkdownString(value);
  text.isTrusted = false;
  text.supportHtml = false;
  text.supportThemeIcons = false;
  return text;
}

export const createTerminal = (options: vscode.TerminalOptions & { readonly name: string }): vscode.Terminal =>
  vscode.window.createTerminal({ ...options, name: plainText(options.name, MAX_NAME) });

export const createPanel = (
  type: string,
  title: string,
  column: Parameters<typeof vscode.window.createWebviewPanel>[2],
  options: vscode.WebviewPanelOptions & vscode.WebviewOptions,
): vscode.WebviewPanel => vscode.window.createWebviewPanel(type, plainText(title, MAX_LABEL), column, options);

export const showDiff = (before: vscode.Uri, after: vscode.Uri, title: string): Thenable<unknown> =>
  vscode.commands.executeCommand('vscode.diff', before, after, plainText(title, MAX_LABEL), { preview: true });

/** Opens what a link to Plateau names. */
export const handleLinks = (open: (uri: vscode.Uri) => Promise<void>): vscode.Disposable =>
  vscode.window.registerUriHandler({ handleUri: (uri) => open(uri).catch(showError) });
