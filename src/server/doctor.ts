import path from 'node:path';
import { statRegularFile } from '../files/open-regular';
import type { DoctorDto } from '../protocol/doctor';
import type { Failure } from '../protocol/lsp';
import { describeDoctorIssue } from '../service/doctor/read-doctor';
import { fileText } from '../service/export/place-text';
import { minuteOf } from '../service/recordings/describe-recording';
import type { RequestThread } from '../service/requests/request-thread';
import { formatTime } from '../shared/format';

/** A kept report as the view shows it. */
export async function doctorDto(file: string, roots: readonly string[], requests: Pick<RequestThread, 'doctor'>): Promise<DoctorDto | Failure> {
  const read = await requests.doctor(file);
  if (!read.ok) return { failed: describeDoctorIssue(file, read.error) };
  const { title, recordedAt, profile, diagnosis, place, notes, processes, pattern } = read.value;
  const at = new Date(recordedAt);
  const beside = path.join(path.dirname(file), path.basename(profile));
  const isThere = (await statRegularFile(beside, { within: [path.dirname(file)] })).ok;
  const { blame } = diagnosis.verdict;
  return {
    title,
    when: Number.isNaN(at.getTime()) ? '' : minuteOf(at),
    profile: isThere ? beside : undefined,
    diagnosis,
    place: place && { file: place.file, shown: fileText(place.file, roots), line: place.line, name: place.name },
    pattern: pattern && { title: pattern.title, summary: pattern.summary, advice: pattern.advice },
    func: place?.func ?? (blame?.kind === 'function' ? blame.func : undefined),
    notes,
    processes: processes.map(({ pid, command, cpu }) => ({ pid, command, cpu: cpu === undefined ? '' : formatTime(cpu) })),
  };
}
