import type { Connection } from 'vscode-languageserver/node';
import type { Notifications, Requests, ServerNotifications, ServerRequests } from '../protocol/lsp';

/** The connection with Plateau's own methods typed by the protocol. */
export interface PlateauConnection {
  onRequest<M extends keyof Requests>(method: M, handler: (params: Requests[M][0], signal: AbortSignal) => Requests[M][1] | Promise<Requests[M][1]>): void;
  onNotification<M extends keyof Notifications>(method: M, handler: (params: Notifications[M]) => void): void;
  request<M extends keyof ServerRequests>(method: M, params: ServerRequests[M][0]): Promise<ServerRequests[M][1]>;
  notify<M extends keyof ServerNotifications>(method: M, params: ServerNotifications[M]): void;
}

export function plateauConnection(connection: Connection): PlateauConnection {
  return {
    onRequest(method, handler) {
      connection.onRequest(method as string, async (params, token) => {
        const controller = new AbortController();
        const subscription = token.onCancellationRequested(() => controller.abort());
        try {
          return (await handler(params, controller.signal)) ?? null;
        } finally {
          subscription.dispose();
        }
      });
    },
    onNotification: (method, handler) => {
      connection.onNotification(method as string, handler);
    },
    request: (method, params) => connection.sendRequest(method as string, params),
    notify: (method, params) => void connection.sendNotification(method as string, params),
  };
}
