/** Asks the built language server, in a process of its own with the guard in it. */
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { CaseFolder } from './case-folder';
import { judgeText, type Outcome } from './judge';
import type { Case } from './make-case';
import { computed, forgetPeak, peakMegabytes } from './memory';
import { unguarded } from './unguarded';

export interface ServerAnswer {
  readonly outcome: Outcome;
  readonly problems: readonly string[];
  readonly megabytes: number;
  readonly cpuMs: number;
}

export interface Server {
  ask(one: Case): Promise<ServerAnswer>;
  end(): void;
}

interface Running {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  readonly isUp: Promise<unknown>;
  /** What it says to the user without being asked. */
  readonly told: string[];
  stderr: string;
  exit: string | undefined;
}

/** The server is started with the first question, and again after it ended. */
export function attackedServer(dist: string, guard: string, { root, work }: CaseFolder): Server {
  let now: Running | undefined;

  function start(): Running {
    const child = unguarded.spawn(process.execPath, ['--import', guard, path.join(dist, 'server.cjs'), '--stdio'], {
      cwd: work,
      env: { ...process.env, ATTACK_ROOT: root },
    });
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const told: string[] = [];
    const tell = ({ message }: { message: string }): null => {
      told.push(message);
      return null;
    };
    // Without an answer to the first one the server ends: its client has to know it.
    connection.onRequest('window/showMessageRequest', tell);
    connection.onNotification('window/showMessage', (params: { message: string }) => void tell(params));
    connection.listen();
    const isUp = connection
      .sendRequest('initialize', { processId: process.pid, capabilities: {}, rootUri: pathToFileURL(work).href, initializationOptions: { isExtension: true } })
      .then(() => connection.sendNotification('initialized', {}));
    const running: Running = { child, connection, isUp, told, stderr: '', exit: undefined };
    isUp.catch(() => {}); // the first question tells
    child.stderr.on('data', (chunk) => (running.stderr += chunk));
    child.once('exit', (code, signal) => {
      running.exit = `code ${code}, signal ${signal}`;
      connection.dispose();
    });
    connection.onError(() => {});
    return running;
  }

  return {
    async ask({ ask, kind }) {
      const problems: string[] = [];
      if (now?.exit !== undefined) {
        problems.push(`the server has ended after the question before: ${now.exit} ${now.stderr.slice(-900)}`);
        now = undefined;
      }
      now ??= start();
      const running = now;
      const { child, connection } = running;
      let outcome: Outcome = 'opened';
      running.stderr = '';
      if (child.pid !== undefined) forgetPeak(child.pid);
      const before = computed(child.pid);
      try {
        await running.isUp;
        for (const request of ask.args) {
          const at = request.indexOf(' ');
          const answer = await connection.sendRequest<{ failed?: string } | null>(request.slice(0, at), JSON.parse(request.slice(at)));
          if (typeof answer === 'object' && typeof answer?.failed === 'string') {
            outcome = 'refused';
            if (kind.mustOpen) problems.push(`what stands beside it costs the profile: ${answer.failed.slice(0, 300)}`);
            if (!/\S+ \S+ \S+/.test(answer.failed)) problems.push(`refused without a sentence: ${JSON.stringify(answer.failed)}`);
          }
          problems.push(...judgeText('an answer', JSON.stringify(answer) ?? ''));
        }
      } catch (error) {
        outcome = 'refused';
        problems.push(`the server answers with an error: ${String((error as Error).stack ?? error).slice(0, 600)}`);
      }
      for (const message of running.told.splice(0)) problems.push(...judgeText('a message', message));
      if (running.exit !== undefined) {
        problems.push(`the server has ended: ${running.exit} ${running.stderr.slice(-900)}`);
        now = undefined;
      } else if (running.stderr !== '') problems.push(`the server writes: ${running.stderr.slice(0, 900)}`);
      return { outcome, problems, megabytes: child.pid === undefined ? 0 : peakMegabytes(child.pid), cpuMs: Math.max(0, computed(child.pid) - before) };
    },
    end() {
      now?.connection.dispose();
      now?.child.kill('SIGKILL');
    },
  };
}
