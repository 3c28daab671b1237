/**
 * Appends flags to a NODE_OPTIONS value, keeping what is there. Node.js splits the
 * variable at spaces; double quotes group, and inside of them `\` escapes.
 */
export function appendNodeOptions(existing: string | undefined, flags: readonly string[]): string {
  const added = flags.map(quoteNodeOption).join(' ');
  const kept = existing?.trim() ?? '';
  return kept === '' ? added : `${kept} ${added}`;
}

export function quoteNodeOption(flag: string): string {
  return /[\s"\\]/.test(flag) ? `"${flag.replace(/["\\]/g, '\\$&')}"` : flag;
}
