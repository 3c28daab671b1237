import type { ReportedFinding } from '../../shared/reported-finding';
import type { RecordingInfo } from '../recordings/recording-info';

/** What findings are of: an opened profile, or what a leak hunt found. */
export interface FindingSource {
  readonly file: string;
  readonly findings: readonly ReportedFinding[];
  /** How it was recorded, with the lines of its sources as they were then; undefined where that is not known. */
  readonly info: Pick<RecordingInfo, 'recordedAt' | 'recipe' | 'sources'> | undefined;
}
