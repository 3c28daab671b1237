import type { HeapIssue } from '../../../shared/issue';
import { decodeText } from '../../json/json-values';

type Found = Extract<HeapIssue, { kind: 'not-a-heap-snapshot' }>['found'];

/** What a file that is no heap snapshot is, by its first bytes; undefined where they do not say. */
export function foreignSnapshot(head: Uint8Array): Found | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x50 && head[1] === 0x4b) return 'zip';
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'utf-16';
  const text = decodeText(head);
  if (/^\s*\{\s*"head"\s*:/.test(text)) return /"selfSize"/.test(text) ? 'heap-profile' : 'nested-cpuprofile';
  if (/^\s*\{\s*"(?:nodes|samples|timeDeltas)"\s*:\s*\[\s*\{/.test(text)) return 'cpuprofile';
  if (/^\s*(?:\{\s*"traceEvents"|\[\s*\{[^}]*"ph"\s*:)/.test(text)) return 'chrome-trace';
  if (/^\s*\{[^[]*"(?:\$schema|exporter)"\s*:\s*"[^"]*speedscope/.test(text)) return 'speedscope';
  if (/^\s*[[{]/.test(text)) return /^\s*\{\s*"snapshot"/.test(text) ? undefined : 'unknown-json';
  return undefined;
}
