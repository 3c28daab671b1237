/** The language client, a bundle of its own: it is loaded when the server is first needed, not at activation. */
export { LanguageClient, State, TransportKind } from 'vscode-languageclient/node';
