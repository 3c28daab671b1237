/**
 * The one door to the editor's user interface: whatever the server says to people goes
 * through here, and texts stay text, whatever names are in them. `test/unit/ui-door.test.ts`
 * keeps every other file from the functions behind it.
 */
import {
  type CodeAction,
  type CodeActionParams,
  type CodeLens,
  type CodeLensParams,
  type Connection,
  type Diagnostic,
  type HoverParams,
  type InlayHint,
  type InlayHintParams,
  MessageType,
  ShowMessageNotification,
} from 'vscode-languageserver/node';
import type { Markdown } from '../shared/markdown';
import { plainText } from '../shared/plain-text';

const MAX_LABEL = 200;
/** Problems are read as a whole in their hover. */
const MAX_PROBLEM = 4000;

type Answer<T> = T | Promise<T>;

export interface ClientUi {
  showWarning(text: string): void;
  showFailure(text: string): void;
  /** A line in the output. */
  log(text: string): void;
  publish(uri: string, diagnostics: readonly Diagnostic[]): void;
  onHover(answer: (params: HoverParams) => Answer<Markdown | undefined>): void;
  onCodeAction(answer: (params: CodeActionParams) => Answer<readonly CodeAction[]>): void;
  onCodeLens(answer: (params: CodeLensParams) => Answer<readonly CodeLens[]>): void;
  onInlayHint(answer: (params: InlayHintParams) => Answer<readonly (InlayHint & { readonly label: string })[]>): void;
}

export function clientUi(connection: Connection): ClientUi {
  return {
    // Not by connection.window, which asks the client for an answer: a client that refuses one would end the server.
    showWarning: (text) => void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message: plainText(text) }),
    showFailure: (text) => void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Error, message: plainText(text) }),
    log: (text) => connection.console.info(plainText(text, MAX_PROBLEM)),
    publish: (uri, diagnostics) => void connection.sendDiagnostics({ uri, diagnostics: diagnostics.map(plainDiagnostic) }),
    onHover: (answer) =>
      connection.onHover(async (params) => {
        const text = await answer(params);
        return text ? { contents: { kind: 'markdown', value: text.value } } : null;
      }),
    onCodeAction: (answer) => connection.onCodeAction(async (params) => (await answer(params)).map(plainAction)),
    onCodeLens: (answer) => connection.onCodeLens(async (params) => (await answer(params)).map(withCommand)),
    onInlayHint: (answer) =>
      void connection.languages.inlayHint.on(async (params) => (await answer(params)).map((hint) => ({ ...hint, label: plainText(hint.label, MAX_LABEL) }))),
  };
}

const plainDiagnostic = (diagnostic: Diagnostic): Diagnostic => ({
  ...diagnostic,
  message: plainText(typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value, MAX_PROBLEM),
  ...(typeof diagnostic.code === 'string' ? { code: plainText(diagnostic.code, MAX_LABEL) } : {}),
  ...(diagnostic.relatedInformation
    ? { relatedInformation: diagnostic.relatedInformation.map(({ location, message }) => ({ location, message: plainText(message) })) }
    : {}),
});

const withCommand = <T extends CodeLens | CodeAction>(given: T): T =>
  given.command ? { ...given, command: { ...given.command, title: plainText(given.command.title, MAX_LABEL) } } : given;

const plainAction = (action: CodeAction): CodeAction => ({ ...withCommand(action), title: plainText(action.title, MAX_LABEL) });
