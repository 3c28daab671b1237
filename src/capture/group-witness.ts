import { spawn } from 'node:child_process';

/**
 * Tells whether an interrupt came to the whole process group, as Ctrl+C in a terminal does, or to
 * this process alone (`kill -INT PID`). A system does not tell a process who else got a signal, so
 * a small shell in the same group notes its own. It ends when its input does, whoever died.
 */
export interface GroupWitness {
  /** Whether the group got an interrupt since this was asked last. True where nobody can tell. Never rejects. */
  wasInterrupted(): Promise<boolean>;
  close(): void;
}

/** A read that a signal breaks off fails as one at the end of the input does; what was noted tells them apart. */
const SCRIPT = `trap 'noted=1; echo interrupt' INT; trap '' TERM HUP
while :; do noted=; if read -r asked; then echo answer; elif [ -z "$noted" ]; then exit; fi; done`;

/** It answers in a few milliseconds, later on a busy machine. */
const PATIENCE_MS = 1000;

export function groupWitness(): GroupWitness {
  // On Windows Ctrl+C comes to all of a console, and nothing can send it to one process.
  if (process.platform === 'win32') return { wasInterrupted: async () => true, close() {} };
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' });
  let isThere = true;
  let isNoted = false;
  let onAnswer = (): void => {};
  const lose = (): void => {
    isThere = false;
    onAnswer();
  };
  shell.once('error', lose); // no shell
  shell.once('exit', lose);
  shell.stdin.on('error', () => {}); // 'exit' follows
  let rest = '';
  shell.stdout.on('data', (chunk) => {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      if (line === 'interrupt') isNoted = true;
      else onAnswer();
    }
  });
  // Nothing waits for it.
  shell.unref();
  for (const stream of [shell.stdin, shell.stdout] as { unref?: () => void }[]) stream.unref?.();
  return {
    async wasInterrupted() {
      if (!isThere) return true;
      const isAnswered = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), PATIENCE_MS);
        onAnswer = () => {
          clearTimeout(timer);
          resolve(isThere);
        };
        shell.stdin.write('\n');
      });
      const was = isNoted || !isAnswered;
      isNoted = false;
      return was;
    },
    close: () => shell.stdin.destroy(),
  };
}
