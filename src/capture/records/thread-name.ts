import path from 'node:path';

/** What a list calls a thread: of a process its script, of a worker its name or its file. */
export function threadName({
  threadId,
  name,
  argv,
}: {
  readonly threadId: number;
  readonly name: string | undefined;
  readonly argv: readonly string[];
}): string {
  if (threadId > 0) return name === undefined ? `worker ${threadId}` : path.basename(name) || name;
  const script = argv[1];
  return script === undefined ? 'node' : path.basename(script);
}
