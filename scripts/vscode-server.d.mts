export interface RunningVsCode {
  readonly data: string;
  readonly pid: number;
  log(): string;
  stop(): void;
  url(workspace: string, tests?: string): string;
}
export function startVsCode(options?: {
  extension?: string;
  env?: Record<string, string>;
  trusted?: boolean;
  installed?: readonly string[];
  asUser?: boolean;
}): Promise<RunningVsCode>;
export function writeSettings(workspace: string, settings?: Record<string, unknown>): void;
