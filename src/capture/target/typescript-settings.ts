export interface TypescriptSettings {
  /** The main file of the esbuild that transpiles. */
  readonly esbuild: string;
  /** The folder in which this session keeps what was made of TypeScript. */
  readonly transpiled: string;
}

/** What the recorder says about TypeScript; undefined in a process that it did not start. The one place that knows how it is said. */
export function typescriptSettings(): TypescriptSettings | undefined {
  const { PLATEAU_ESBUILD: esbuild, PLATEAU_TRANSPILED: transpiled } = process.env;
  return esbuild && transpiled ? { esbuild, transpiled } : undefined;
}
