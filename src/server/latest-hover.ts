import { type ClientCapabilities, type Connection, type Disposable, HoverRequest } from 'vscode-languageserver/node';

/** The place of this server's hovers among those of others: VS Code shows first what was registered last. */
export interface LatestHover {
  /** What the server's capabilities say of hovers: whether they are there from the start on, and for good. */
  isStatic(isExtension: boolean, capabilities: ClientCapabilities): boolean;
  /** Registers them anew, so that they stand above TypeScript's own. */
  renew(): Promise<void>;
}

export function latestHover(connection: Connection): LatestHover {
  let isDynamic = false;
  let registered: Promise<Disposable> | undefined;
  return {
    isStatic(isExtension, { textDocument }) {
      isDynamic = isExtension && textDocument?.hover?.dynamicRegistration === true;
      return !isDynamic;
    },
    async renew() {
      if (!isDynamic) return;
      const before = registered;
      registered = connection.client.register(HoverRequest.type, { documentSelector: null });
      (await before)?.dispose();
      await registered;
    },
  };
}
