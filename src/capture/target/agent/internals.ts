/**
 * Two classes of Node.js that only its own code may have, which the agent gets with
 * `--expose-internals` (of a worker, in its own thread alone) or, on Node.js 20 and 22,
 * through `process.binding`.
 */
export interface MainThreadConnection {
  dispatch(message: string): void;
  disconnect(): void;
}

export interface SignalHandle {
  onsignal: (number: number) => void;
  /** 0, or an error number. */
  start(signal: number): number;
  close(): void;
}

export interface Internals {
  readonly MainThreadConnection: new (onMessage: (text: string) => void) => MainThreadConnection;
  readonly Signal: (new () => SignalHandle) | undefined;
}

type Binding = (name: string) => Record<string, never>;

/** Throws where there is no inspector. */
export function internals(): Internals {
  process.emitWarning = () => {}; // that these are internal
  const binding = internalBinding() ?? ((name: string) => (process as unknown as { binding: Binding }).binding(name));
  const { MainThreadConnection } = binding('inspector') as unknown as Internals;
  let Signal: Internals['Signal'];
  try {
    Signal = (binding('signal_wrap') as unknown as Internals).Signal;
  } catch {
    // Signals are heard when the program's loop turns, or not at all.
  }
  return { MainThreadConnection, Signal };
}

function internalBinding(): Binding | undefined {
  const name = 'internal/test/binding';
  try {
    return (require(name) as { internalBinding: Binding }).internalBinding;
  } catch {
    return undefined;
  }
}
