import type { ExportIssue } from '../../shared/issue';

export function describeExportIssue(issue: ExportIssue): string {
  switch (issue.kind) {
    case 'no-times':
      return `A .cpuprofile holds times, and what this profile holds are ${issue.unit === 'bytes' ? 'bytes' : 'counts'}. Choose a format that keeps them: ${issue.formats.join(', ')}.`;
    case 'exists':
      return `${issue.out} exists already; give another --out, or --force to overwrite it.`;
    case 'same-file':
      return `${issue.out} is the profile itself. Choose another name.`;
    case 'not-writable':
      switch (issue.code) {
        case 'ENOENT':
          return `The folder of ${issue.out} does not exist. Make it, or choose another place.`;
        case 'EISDIR':
          return `${issue.out} is a folder. Choose a name for the file.`;
        case 'ENOSPC':
          return `There is no space left for ${issue.out}. Free some, or choose another disk.`;
        default:
          return `${issue.out} cannot be written: ${issue.detail}. Choose another place.`;
      }
    case 'parts-missing':
      return `A part of Plateau is missing: ${issue.file}. Install it again.`;
    case 'cancelled':
      return 'Cancelled; nothing was written.';
  }
}
