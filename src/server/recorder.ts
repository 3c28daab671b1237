import path from 'node:path';
import { launchInTerminal } from '../capture/launch/runner-launcher';
import type { Failure, RecordParams, RecordResult } from '../protocol/lsp';
import { findBottleneck, keepExamined } from '../service/doctor/doctor';
import { describeCapture } from '../service/recording/describe-capture';
import { describeCaptureIssue } from '../service/recording/describe-capture-issue';
import { nodeVersion } from '../service/recording/launch';
import { keepRecording, type Recorded, type RecordRequest, record } from '../service/recording/record';
import { targetFiles } from '../service/recording/target-files';
import { loopText } from '../service/recordings/describe-recording';
import type { Misplaced } from '../service/recordings/keep-anywhere';
import { describeLinkOut, linkOut } from '../service/recordings/keep-folder';
import { describeMisplaced } from '../service/support/describe-write';
import { formatCount, formatShare, formatTime } from '../shared/format';
import { err } from '../shared/result';
import type { PlateauConnection } from './connection';

/** Runs recordings for the editor: one at a time for each token. */
export interface Recorder {
  run(params: RecordParams): Promise<RecordResult | Failure>;
  stop(token: string, keep: boolean): void;
  /** Ends everything that was launched; resolves when it is gone. */
  dispose(): Promise<void>;
}

interface Running {
  readonly stop: AbortController;
  readonly cancel: AbortController;
  done: Promise<unknown>;
}

export function recorder(connection: PlateauConnection, bundleFolder: string, roots: () => readonly string[]): Recorder {
  const running = new Map<string, Running>();

  const start = async (params: RecordParams, { stop, cancel }: Running): Promise<RecordResult | Failure> => {
    const { recipe, nodePath, token } = params;
    const refusal = await refuseFolder(params.folder, roots());
    if (refusal) return refusal;
    const request: RecordRequest = {
      recipe,
      focus: params.focus,
      nodePath,
      files: targetFiles(bundleFolder),
      openLauncher: async (title) => {
        // The runner is a Node.js program itself, whatever it then starts.
        const version = await nodeVersion(nodePath);
        if (!version.ok) return version;
        const open = async (args: string[]): Promise<void> => {
          const failure = await connection.request('plateau/runInTerminal', { title, command: nodePath, args, cwd: 'cwd' in recipe ? recipe.cwd : undefined });
          if (failure) throw new Error(failure.failed);
        };
        return cancel.signal.aborted ? err({ kind: 'cancelled' }) : launchInTerminal(path.join(bundleFolder, 'runner.cjs'), open, cancel.signal);
      },
      capture: {
        interval: params.interval,
        checkpoint: params.checkpoint,
        daemons: params.daemons,
        stop: stop.signal,
        cancel: cancel.signal,
        onEvent: (event) => connection.notify('plateau/recordEvent', { token, phase: event.kind }),
      },
    };
    const result = params.diagnose ? await findBottleneck(request) : await record(request);
    if (!result.ok) return { failed: describeCaptureIssue(result.error), ...(result.error.kind === 'cancelled' ? { isCancelled: true } : {}) };
    if ('report' in result.value) {
      const kept = await keepExamined(params.folder, result.value);
      if (!kept.ok) return { failed: describeCaptureIssue(kept.error) };
      const { profile: file, report } = kept.value.value;
      return { file, report, ...tell(result.value.recorded, misplacedText(kept.value.misplaced, file)) };
    }
    const kept = await keepRecording(params.folder, result.value);
    if (!kept.ok) return { failed: describeCaptureIssue(kept.error) };
    const { value: file, misplaced } = kept.value;
    return { file, ...tell(result.value, misplacedText(misplaced, file)) };
  };

  return {
    run(params) {
      const state: Running = { stop: new AbortController(), cancel: new AbortController(), done: Promise.resolve() };
      running.set(params.token, state);
      const done = start(params, state).finally(() => running.delete(params.token));
      state.done = done.catch(() => {});
      return done;
    },
    stop(token, keep) {
      const state = running.get(token);
      (keep ? state?.stop : state?.cancel)?.abort();
    },
    async dispose() {
      for (const { cancel } of running.values()) cancel.abort();
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

/** Why nothing is kept in a folder, told before anything runs: a repository may have a link in its place. */
export async function refuseFolder(folder: string, roots: readonly string[]): Promise<Failure | undefined> {
  const link = await linkOut(folder, roots);
  return link === undefined ? undefined : { failed: `${describeLinkOut(link)} in the setting plateau.profilesFolder.` };
}

/** That a recording is not where it was to be. */
export const misplacedText = (misplaced: Misplaced | undefined, file: string): readonly string[] => (misplaced ? [describeMisplaced(misplaced, file)] : []);

function tell({ info, capture }: Recorded, misplaced: readonly string[]): Omit<RecordResult, 'file'> {
  const { headline, exit } = info;
  const top = headline.top ? `, ${formatShare(headline.top.selfShare)} of it in ${headline.top.name}` : '';
  const message = info.loop ? loopText(info.loop) : `${formatTime(headline.active)} active in ${formatCount(headline.samples)} samples${top}`;
  const warnings: string[] = [...misplaced];
  if (exit && (exit.signal !== null || exit.code !== 0)) {
    warnings.push(exit.signal ? `The program was ended by ${exit.signal}.` : `The program ended with exit code ${exit.code}; its output is in the terminal.`);
    warnings.push('The profile up to then is kept.');
  }
  warnings.push(...describeCapture(capture));
  return { message, warning: warnings.length > 0 ? warnings.join(' ') : undefined };
}
