import { spawn } from 'node:child_process';

export type GroupSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR1' | 'SIGUSR2';

/**
 * Tells whether a signal came to the whole process group, as Ctrl+C in a terminal does, or to
 * this process alone (`kill -INT PID`). A system does not tell a process who else got a signal, so
 * a small shell in the same group notes its own. It ends when its input does, whoever died.
 */
export interface GroupWitness {
  /** Whether the group got the signal since this was asked of it last. True where nobody can tell. Never rejects. */
  wasSignalled(name: GroupSignal): Promise<boolean>;
  close(): void;
}

/** A read that a signal breaks off fails as one at the end of the input does; what was noted tells them apart. */
const SCRIPT = `for name in INT TERM HUP QUIT USR1 USR2; do trap "noted=1; echo SIG$name" $name; done
while :; do noted=; if read -r asked; then echo answer; elif [ -z "$noted" ]; then exit; fi; done`;

/** It answers in a few milliseconds, later on a busy machine. */
const PATIENCE_MS = 1000;

export function groupWitness(): GroupWitness {
  // On Windows Ctrl+C comes to all of a console, and nothing can send it to one process.
  if (process.platform === 'win32') return { wasSignalled: async () => true, close() {} };
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' });
  let isThere = true;
  const noted = new Set<string>();
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
      if (line === 'answer') onAnswer();
      else noted.add(line);
    }
  });
  // Nothing waits for it.
  shell.unref();
  for (const stream of [shell.stdin, shell.stdout] as { unref?: () => void }[]) stream.unref?.();
  return {
    async wasSignalled(name) {
      if (!isThere) return true;
      const isAnswered = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), PATIENCE_MS);
        onAnswer = () => {
          clearTimeout(timer);
          resolve(isThere);
        };
        shell.stdin.write('\n');
      });
      return noted.delete(name) || !isAnswered;
    },
    close: () => shell.stdin.destroy(),
  };
}
