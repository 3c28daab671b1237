/** Runs a case through a built bundle in this process, with its output caught. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Answer } from './judge';
import type { Case } from './make-case';

type Run = (args: string[]) => Promise<void>;

const load = createRequire(__filename);

/** Catches what is written; gives it back, and the stream as it was. */
function caught(stream: NodeJS.WriteStream): { text(): string; end(): void } {
  const parts: Buffer[] = [];
  const original = stream.write;
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    parts.push(Buffer.from(chunk as string));
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  }) as typeof stream.write;
  return {
    text: () => Buffer.concat(parts).toString('utf8'),
    end: () => {
      stream.write = original;
    },
  };
}

/** What is thrown where nobody waits for it. */
const strayed: string[] = [];
export function catchStrayed(): void {
  const note = (error: unknown): void => void strayed.push(error instanceof Error ? String(error.stack) : String(error));
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
}

/** `dist` is the folder of the bundles. Never rejects: what is thrown stands in `thrown`. */
export async function runCase(dist: string, { ask: { bundle, args } }: Case): Promise<Answer & { readonly thrown: readonly string[] }> {
  const { run } = load(path.join(dist, `cli-${bundle}.cjs`)) as { run: Run };
  const stdout = caught(process.stdout);
  const stderr = caught(process.stderr);
  strayed.length = 0;
  process.exitCode = undefined;
  try {
    await run([...args]);
    // What was left behind gets its turn, and its rejection.
    await new Promise((resolve) => setImmediate(resolve));
  } catch (error) {
    strayed.push(String((error as Error)?.stack ?? error));
  } finally {
    stdout.end();
    stderr.end();
  }
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  process.stdout.removeAllListeners('error');
  process.stderr.removeAllListeners('error');
  return { code, stdout: stdout.text(), stderr: stderr.text(), thrown: [...strayed] };
}
