import type { Failure, RecordParams, RecordResult } from '../protocol/lsp';
import { findBottleneck, keepExamined } from '../service/doctor/doctor';
import { describeCapture } from '../service/recording/describe-capture';
import { describeCaptureIssue } from '../service/recording/describe-capture-issue';
import { keepRecording, type Recorded, type RecordRequest, record } from '../service/recording/record';
import { loopText } from '../service/recordings/describe-recording';
import type { Misplaced } from '../service/recordings/keep-anywhere';
import { describeLinkOut, linkOut } from '../service/recordings/keep-folder';
import { describeMisplaced } from '../service/support/describe-write';
import { formatCount, formatShare, formatTime } from '../shared/format';
import type { PlateauConnection } from './connection';
import { failureOf } from './failure';
import { currentRuns, launchInEditor, type Run } from './runs';

/** Runs recordings for the editor: one at a time for each token. */
export interface Recorder {
  run(params: RecordParams): Promise<RecordResult | Failure>;
  stop(token: string, keep: boolean): void;
  /** Ends everything that was launched; resolves when it is gone. */
  dispose(): Promise<void>;
}

export function recorder(connection: PlateauConnection, bundleFolder: string, roots: () => readonly string[]): Recorder {
  const runs = currentRuns();

  const start = async (params: RecordParams, { stop, cancel }: Run): Promise<RecordResult | Failure> => {
    const { recipe, nodePath, token } = params;
    const refusal = await refuseFolder(params.folder, roots());
    if (refusal) return refusal;
    const request: RecordRequest = {
      ...launchInEditor(connection, bundleFolder, { recipe, nodePath, cancel: cancel.signal }),
      focus: params.focus,
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
    if (!result.ok) return failureOf(describeCaptureIssue(result.error), result.error);
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

  return { run: (params) => runs.start(params.token, (run) => start(params, run)), stop: runs.stop, dispose: runs.dispose };
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
