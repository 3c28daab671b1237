import type { CaptureIssue, CaptureNote } from '../../capture/records/capture-issue';
import { formatTime } from '../../shared/format';

type AttachIssue = Extract<
  CaptureIssue,
  {
    kind:
      | 'foreign-process'
      | 'in-container'
      | 'inspector-port-taken'
      | 'no-signal-handler'
      | 'ports-unknown'
      | 'target-stopped'
      | 'target-blocked'
      | 'inspector-closed';
  }
>;

/** Why a program that runs could not be recorded, in words. */
export function describeAttachIssue(issue: AttachIssue): string {
  switch (issue.kind) {
    case 'foreign-process':
      return `Process ${issue.pid} belongs to ${issue.user === undefined ? 'another user' : `user ${issue.user}`}. Record it as that user, or as an administrator.`;
    case 'in-container':
      return `Process ${issue.pid} has a network of its own, as in a container: its inspector cannot be reached from here. Record it from inside (docker exec, kubectl exec), or start it with node --inspect=0.0.0.0:9229, publish that port to 127.0.0.1 only, and attach to it (--attach).`;
    case 'inspector-port-taken': {
      const owner = issue.owner === undefined ? 'another process' : `process ${issue.owner}${issue.command ? ` (${issue.command})` : ''}`;
      return `Process ${issue.pid} cannot open its inspector: port ${issue.port} is taken by ${owner}. If that is a recording, wait for its end; else start the program with node --inspect-port=0, which takes a free one.`;
    }
    case 'no-signal-handler':
      return `Process ${issue.pid} does not take the signal that opens an inspector (SIGUSR1), which would end it. Start it without --disable-sigusr1, or with node --inspect=0 and attach to the address that it prints (--attach).`;
    case 'ports-unknown':
      return `The system does not tell on which ports process ${issue.pid} listens, so its inspector cannot be distinguished from others'. Start it with node --inspect=0 and attach to the address that it prints (--attach).`;
    case 'target-stopped':
      return `Process ${issue.pid} is stopped (SIGSTOP, or Ctrl+Z in its terminal), so it answers nothing. Continue it with kill -CONT ${issue.pid} (fg in its terminal), then record it.`;
    case 'target-blocked':
      return `${issue.pid === undefined ? 'The program' : `Process ${issue.pid}`} has not answered for ${formatTime(issue.ms * 1000)}: it is in a call that V8 cannot interrupt (execSync, spawnSync, Atomics.wait, native code). Try again when that is over.`;
    case 'inspector-closed':
      return `The inspector of process ${issue.pid} was closed while it was recorded, by the program itself or another tool; the profile went with it. The program runs on: record it again.`;
  }
}

/** What is not as it was after a recording, in words. */
export function describeCaptureNote(note: CaptureNote): string {
  switch (note.kind) {
    case 'inspector-open':
      return `The inspector of process ${note.pid} is still open (127.0.0.1:${note.port}): the program has computed without a pause since. It closes when the program's event loop turns.`;
    case 'metadata-without-typescript':
      return `${note.tsconfig ?? note.file} asks for emitDecoratorMetadata, and the project has no typescript that could make it (${note.reason === 'not-found' ? 'not installed' : 'it has no transpileModule'}): decorators ran without it. Install typescript, or run the compiled program.`;
    case 'inspector-shared':
      return `The inspector that was opened for this recording stays open (127.0.0.1:${note.port}): somebody else is connected to it. Another recording closes it when it ends; a debugger leaves it open.`;
  }
}
