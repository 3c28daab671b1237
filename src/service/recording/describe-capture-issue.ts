import type { CaptureIssue, ProcessExit } from '../../capture/records/capture-issue';
import { formatCount, plural } from '../../shared/format';
import { type AnswerCount, countAnswers } from '../../shared/hunt';
import { withoutSecrets } from '../../shared/secrets';
import { describeNoSuchThread } from '../heap/heap-choice';
import { describeUnkept } from '../support/describe-write';
import { describeAttachIssue } from './describe-attach-issue';
import { CHECKPOINTS, describeOtherRuntime, PERMISSION, POLICY, UNREADABLE } from './describe-capture';

const exitText = (exit: ProcessExit | undefined): string => {
  if (!exit) return '';
  return exit.signal ? ` It was ended by ${exit.signal}.` : ` It ended with exit code ${exit.code}.`;
};

/** What to do where a command names another runtime. */
function otherRuntime(command: string): string | undefined {
  const name = /(?:^|[\\/\s])(deno|bunx?)(?:\.exe)?(?:\s|$)/.exec(command)?.[1];
  if (name === undefined) return undefined;
  if (name === 'deno') {
    return /(?:^|[\\/\s])deno(?:\.exe)?\s+task\b/.test(command)
      ? 'deno task starts its own Deno, which cannot be reached. Record the command of the task instead, as in "plateau record -- deno run FILE".'
      : 'Deno is no Node.js. It can record itself: "deno run --cpu-prof --cpu-prof-dir=profiles FILE" writes a .cpuprofile, which Plateau opens.';
  }
  return 'Bun is no Node.js. It can record itself: "bun --cpu-prof --cpu-prof-dir=profiles FILE" writes a .cpuprofile, which Plateau opens.';
}

/** Node.js that cannot load the hook ends with an error, so a command that succeeded has started none, or without the hook. */
function noProcessAdvice(exit: ProcessExit | undefined): string {
  const check = 'Check that it runs a script with Node.js, and that it does not clear NODE_OPTIONS.';
  return exit?.code === 0 ? check : `${check} ${UNREADABLE}`;
}

/** Why a recording could not be made, in words. */
export const describeCaptureIssue = (issue: CaptureIssue): string => withoutSecrets(wordsOf(issue));

function wordsOf(issue: CaptureIssue): string {
  switch (issue.kind) {
    case 'node-not-found':
      return `Node.js was not found as "${issue.command}". Install Node.js 20 or newer, or name its executable (setting plateau.nodePath, option --node).`;
    case 'no-node-executable':
      return `"${issue.command}" is not Node.js: it does not print a version of it. Name the executable of Node.js 20 or newer (setting plateau.nodePath, option --node).`;
    case 'node-too-old':
      return `Node.js ${issue.version} is too old to be profiled; version 20 or newer is needed (setting plateau.nodePath, option --node).`;
    case 'command-not-found':
      return `"${issue.command}" was not found. Check its spelling, and that it is on the PATH of a new terminal.`;
    case 'not-a-program':
      return `${issue.file} is a file, but not a program. Give the command that runs it, as in "node ${issue.file}".`;
    case 'file-missing':
      return `There is no file ${issue.file}. Check its spelling and the folder; if it is built first, build it.`;
    case 'spawn-failed':
      return `"${issue.command}" could not be started: ${issue.message}.`;
    case 'working-folder-missing':
      return `The folder to run in does not exist: ${issue.folder}.`;
    case 'no-temporary-folder':
      return describeNoTemporaryFolder(issue);
    case 'no-node-process':
      return `"${issue.command}" started no Node.js process that could be profiled.${exitText(issue.exit)} ${otherRuntime(issue.command) ?? noProcessAdvice(issue.exit)}`;
    case 'no-script':
      return issue.exit.code === 0
        ? `"${issue.command}" ended before Node.js ran a script, as it does when it is asked for its version or its options: there is nothing to record. Give it a script to run.`
        : `"${issue.command}" ended before Node.js ran a script.${exitText(issue.exit)} What it printed says why: an option that it does not take, or one that it does not take from NODE_OPTIONS.`;
    case 'permission-model':
      return `The program ran unrecorded: Node.js's permission model hides the inspector from it.${exitText(issue.exit)} ${PERMISSION}`;
    case 'policy':
      return `The program ran unrecorded: ${POLICY}${exitText(issue.exit)}`;
    case 'inspector-failed':
      return `The V8 inspector failed: ${issue.message}. If the program sets up an inspector of its own, attach to that instead.`;
    case 'other-runtime':
      return `There is no profile. ${describeOtherRuntime(issue.missed)}${exitText(issue.exit)}`;
    case 'profile-lost':
      return `The program died without handing over its profile.${exitText(issue.exit)} ${issue.isAttached ? 'The profile of a program that is attached to is in its memory until it is asked for: stop before the program ends, or record for a limited time (--seconds N).' : `${CHECKPOINTS} Or stop before it is killed.`}`;
    case 'not-loopback':
      return `${issue.address} is not on this machine. Forward the port (ssh -L 9229:127.0.0.1:9229 HOST, or kubectl port-forward) and attach to 127.0.0.1:9229.`;
    case 'bad-address':
      return `"${issue.address}" is no inspector address. Use a port (9229), host:port, or the ws:// address that Node.js prints.`;
    case 'port-refused':
      return `Nothing to attach to at ${issue.address}: ${issue.message}. Start the program with node --inspect, or name its process instead (--pid; in the editor, its list).`;
    case 'no-such-process':
      return `Process ${issue.pid} is not running any more.`;
    case 'not-node':
      return `Process ${issue.pid} is not Node.js${issue.command ? ` (${issue.command})` : ''}.`;
    case 'signal-refused':
      return `Process ${issue.pid} cannot be signalled: ${issue.message}. It may belong to another user.`;
    case 'inspector-silent':
      return `Process ${issue.pid} did not open its inspector. It may handle SIGUSR1 itself, or be in a call that nothing interrupts (execSync, Atomics.wait, native code): then it opens it when that is over. Try again, or start it with node --inspect=0 and attach to the address it prints.`;
    case 'foreign-process':
    case 'in-container':
    case 'inspector-port-taken':
    case 'no-signal-handler':
    case 'ports-unknown':
    case 'target-stopped':
    case 'target-blocked':
    case 'inspector-closed':
      return describeAttachIssue(issue);
    case 'already-profiled':
      return `Another tool is profiling this program already (${issue.message}). Stop it there first.`;
    case 'loop-failed':
      return describeLoopFailure(issue);
    case 'heap-lost':
      return describeLostHeap(issue);
    case 'heap-unwritable':
      return describeUnwritable(issue);
    case 'unkept':
      return describeUnkept(issue);
    case 'heap-in-use':
      return `Another tool reads this program's heap already (${issue.message}). Stop it there first.`;
    case 'no-such-thread':
      return describeNoSuchThread(issue);
    case 'exercise-failed':
      return describeExerciseFailure(issue);
    case 'cancelled':
      return 'The recording was cancelled; nothing was kept.';
  }
}

function describeNoTemporaryFolder({ folder, code }: Extract<CaptureIssue, { kind: 'no-temporary-folder' }>): string {
  const variable = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
  const elsewhere = `let ${variable} name a folder that you may write to`;
  switch (code) {
    case 'ENOENT':
      return `The folder for temporary files does not exist: ${folder}. Make it, or ${elsewhere}.`;
    case 'ENOTDIR':
      return `The folder for temporary files is no folder: ${folder}. Correct that: ${elsewhere}.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `There is no space left in the folder for temporary files, ${folder}. Free some, or ${elsewhere} on another disk.`;
    case 'ENAMETOOLONG':
      return `The path of the folder for temporary files is too long for a socket in it: ${folder}. Choose a shorter one: ${elsewhere}.`;
    default:
      return `A recording needs a folder in ${folder}, and none can be made there (${code || 'the reason is not known'}). Allow it, or ${elsewhere}.`;
  }
}

function describeLostHeap({ exit, during }: Extract<CaptureIssue, { kind: 'heap-lost' }>): string {
  const when = during ? `, ${during.round === 0 ? 'in the warm-up' : `in round ${during.round} of 2`} (${during.done} of ${during.of} times done)` : '';
  const advice =
    exit && exit.code !== null && exit.code < 128
      ? 'What it printed says why. Exercise it in a way that leaves it running.'
      : 'If it ran out of memory, give it more (NODE_OPTIONS=--max-old-space-size=…): a snapshot needs about as much again as the heap.';
  return `The program died before its heap was read${when}.${exitText(exit)} ${advice}`;
}

function describeUnwritable({ file, code, message }: Extract<CaptureIssue, { kind: 'heap-unwritable' }>): string {
  switch (code) {
    case 'ENOSPC':
      return `There is no space left for ${file}. A snapshot has about the size of the heap: free some, or choose another disk.`;
    case 'ENOENT':
      return `The folder of ${file} does not exist. Make it, or choose another place.`;
    case 'ENOTDIR':
      return `${file} is not in a folder. Choose another place.`;
    default:
      return `${file} cannot be written: ${message}. Choose another place.`;
  }
}

function describeExerciseFailure({ way, what, message, done }: Extract<CaptureIssue, { kind: 'exercise-failed' }>): string {
  const after = done > 0 ? ` after ${plural(done, 'time')}` : '';
  switch (way) {
    case 'requests':
      if (message.startsWith('Parse Error'))
        return `${what} failed${after}: what answered does not speak HTTP (${message}). Most likely another program listens at this port: look in the program's output for EADDRINUSE, end the other one or take another port, and check http against https.`;
      return `${what} failed${after}: ${message}. Check the address, and that the program listens there before the warm-up ends.`;
    case 'command':
      return `"${what}" failed${after}: ${message}. It has to end with exit code 0; where the server takes longer to listen, let it wait, as curl --retry 60 --retry-delay 1 --retry-connrefused does.`;
    case 'call':
      return `${what} failed${after}: ${message}. Give it arguments that it accepts.`;
    case 'by-hand':
      return `The exercise ended early${after}: ${message}.`;
  }
}

/** What a stack says is wrong. That of a syntax error begins with the place, where there is one, and the line of code. */
function errorLine(stack: string): string {
  const [top = stack, ...rest] = stack.split('\n');
  if (!/:\d+$/.test(top)) return top;
  const error = rest.find((line) => /^\w*Error\b/.test(line));
  if (error === undefined) return top;
  return /^(?:file:|[\\/]|[a-z]:\\)/i.test(top) ? `${error} (${top})` : error;
}

function describeLoopFailure({ reason, message, exports }: Extract<CaptureIssue, { kind: 'loop-failed' }>): string {
  const first = errorLine(message);
  switch (reason) {
    case 'import':
      return `The module could not be imported: ${first}. Check that it runs by itself with node.`;
    case 'not-exported':
      return `${first}. ${exports.length > 0 ? `It exports ${exports.slice(0, 12).join(', ')}.` : 'It exports nothing.'} Export the function, or run the file instead.`;
    case 'not-callable':
      return `${first}. Pick a function or a method.`;
    case 'arguments':
      return `The arguments failed: ${first}.`;
    case 'setup':
      return `The setup failed: ${first}.`;
    case 'construct':
      return `${first}. Give the constructor's arguments.`;
    default:
      return `The function threw: ${first}. Give it arguments that it accepts.`;
  }
}

/** What the answers to the requests of a hunt say of it; undefined where all of them succeeded. */
export function describeAnswers(answers: readonly AnswerCount[]): string | undefined {
  const odd = answers.filter(({ status }) => status >= 300);
  const { all, failed } = countAnswers(answers);
  const redirected = odd.reduce((sum, { status, count }) => sum + (status < 400 ? count : 0), 0);
  if (all === 0 || (failed === 0 && redirected < all)) return undefined;
  const [only] = odd;
  if (odd.length === 1 && only && only.count === all) {
    const what = `${all === 1 ? 'The one request was' : `All ${formatCount(all)} requests were`} answered with ${only.status}`;
    return failed === 0
      ? `${what}, which leads elsewhere: what is there was not asked for.`
      : `${what}: what the program does for a request that succeeds was not exercised. Check the method, the address and the body.`;
  }
  const list = odd.map(({ status, count }) => `${formatCount(count)} with ${status}`).join(', ');
  return `Of ${plural(all, 'request')}, some did not succeed: ${list}.`;
}
