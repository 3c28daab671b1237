import inspector from 'node:inspector';
import { internalBinding } from './internal-binding';

/**
 * A connection of a thread to its own inspector. It binds no port, prints nothing, and
 * nobody else can join it. What V8 answers is a text, which goes to disk as it is: to
 * make objects of a profile would cost the program more than the profile did.
 */
export interface RawInspector {
  /** What V8 answers to a command, as JSON text: `{"id":…,"result":{…}}`. Undefined where it says nothing. */
  request(method: string, params?: object): string | undefined;
  /** What V8 tells meanwhile, as JSON text: `{"method":…,"params":{…}}`. */
  onEvent: (text: string) => void;
  /**
   * Whether it is in the midst of a request: V8 tells events while it answers, and lets the
   * agent in between any two calls of who hears them. What it still works on must not be
   * switched off, on again or disconnected then: V8 would go on with memory that it has freed.
   */
  isBusy(): boolean;
  /** V8 has ended whoever was in the midst of requests. */
  forget(): void;
  close(): void;
}

interface Connection {
  dispatch(message: string): void;
  disconnect(): void;
}
type Connect = new (onMessage: (message: string) => void) => Connection;

/** Throws where Node.js has no inspector, or the permission model refuses it. */
export function openInspector(): RawInspector {
  const connect = ownConnection();
  return connect ? overConnection(connect) : overSession();
}

/** Node.js's own class, which gives texts; undefined under the permission model, which hides it. */
function ownConnection(): Connect | undefined {
  try {
    return (internalBinding('inspector') as { Connection?: Connect }).Connection;
  } catch {
    return undefined;
  }
}

function overConnection(Connection: Connect): RawInspector {
  let answer: string | undefined;
  let depth = 0;
  const connection = new Connection((text) => {
    if (text.startsWith('{"id":')) answer = text;
    else self.onEvent(text);
  });
  const self: RawInspector = {
    request(method, params) {
      answer = undefined;
      depth++;
      try {
        connection.dispatch(JSON.stringify({ id: 1, method, ...(params ? { params } : {}) }));
      } finally {
        if (depth > 0) depth--;
      }
      const given = answer;
      answer = undefined; // a profile is large
      return given;
    },
    onEvent() {},
    isBusy: () => depth > 0,
    forget() {
      depth = 0;
    },
    close: () => connection.disconnect(),
  };
  return self;
}

function overSession(): RawInspector {
  const session = new inspector.Session();
  let depth = 0;
  session.connect();
  session.on('inspectorNotification', (message) => self.onEvent(JSON.stringify(message)));
  const self: RawInspector = {
    request(method, params) {
      let text: string | undefined;
      depth++;
      try {
        session.post(method, params, (error, result) => {
          text = error ? undefined : JSON.stringify({ id: 1, result });
        });
      } finally {
        if (depth > 0) depth--;
      }
      return text;
    },
    onEvent() {},
    isBusy: () => depth > 0,
    forget() {
      depth = 0;
    },
    close: () => session.disconnect(),
  };
  return self;
}
