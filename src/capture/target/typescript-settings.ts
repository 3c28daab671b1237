import { readSession } from '../records/session-file';

export interface TypescriptSettings {
  /** The main file of the esbuild that transpiles. */
  readonly esbuild: string;
  /** The folder in which this session keeps what was made of TypeScript. */
  readonly transpiled: string;
}

/** What the recorder says about TypeScript, in a thread of the program, where the hook has put it, with the session's folder. */
export function typescriptSettings(): { readonly settings: TypescriptSettings; readonly session: string } | undefined {
  const handle = (globalThis as Record<symbol, unknown>)[Symbol.for('plateau.recorder')] as
    | { readonly session: { readonly typescript?: TypescriptSettings }; readonly folder: string }
    | undefined;
  const settings = handle?.session.typescript;
  return handle && settings ? { settings, session: handle.folder } : undefined;
}

/** The address of the hooks of a thread of Node.js's own, where there is no hook: it names the session. */
export const withSession = (hooksUrl: string, session: string): string => `${hooksUrl}?session=${encodeURIComponent(session)}`;

/** What the recorder says to such a thread; undefined once the recording is over. */
export function settingsByUrl(url: string): TypescriptSettings | undefined {
  const session = new URL(url).searchParams.get('session');
  return session === null ? undefined : readSession(session)?.typescript;
}
