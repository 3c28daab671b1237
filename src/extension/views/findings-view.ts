import * as vscode from 'vscode';
import type { FindingRef } from '../../protocol/findings';
import { type FindingStatus, findingStatuses } from '../../shared/finding-status';
import { formatBytes, formatShare } from '../../shared/format';
import { joinMarkdown, markdown, markdownSentence } from '../../shared/markdown';
import type { FindingLevel } from '../../shared/reported-finding';
import type { ActiveFindings, ListedFinding } from '../active-findings';
import { createTree, type TreeRow } from '../ui';

/** A row: a group that is folded away, or a finding. */
type Row = { readonly kind: 'group'; readonly status: FindingStatus } | (FindingRef & { readonly kind: 'finding'; readonly finding: ListedFinding });

const icons: Readonly<Record<FindingLevel, readonly [icon: string, colour: string]>> = {
  error: ['flame', 'list.errorForeground'],
  warning: ['warning', 'list.warningForeground'],
  info: ['info', 'descriptionForeground'],
};
const groupNames: Readonly<Record<FindingStatus, string>> = { open: 'Open', done: 'Done', ignored: 'Ignored' };

/** The list of findings of the active profile and the last leak hunt in the activity bar: what is open, then what is done and ignored. */
export function findingsView(findings: ActiveFindings): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const of = (status: FindingStatus): ListedFinding[] => findings.all.filter((one) => one.status === status);
  const rows = (status: FindingStatus): Row[] => of(status).map((finding) => ({ kind: 'finding', file: finding.file, id: finding.id, finding }));
  const view = createTree<Row>('plateau.findings', {
    changed: changed.event,
    children(row) {
      if (row) return row.kind === 'group' ? rows(row.status) : [];
      // What is open needs no folding; what is not should not be in the way.
      const folded = findingStatuses.filter((status) => status !== 'open' && of(status).length > 0);
      return [...rows('open'), ...folded.map((status): Row => ({ kind: 'group', status }))];
    },
    row: (row) => (row.kind === 'group' ? groupRow(row.status, of(row.status).length) : findingRow(row.finding)),
  });
  const refresh = (): void => {
    changed.fire(undefined);
    const open = of('open').length;
    view.tell(open, open === 1 ? '1 open finding' : `${open} open findings`, findings.all.length > 0 && open === 0 ? 'Nothing is open.' : undefined);
    void vscode.commands.executeCommand('setContext', 'plateau.hasFindings', findings.all.length > 0);
  };
  return vscode.Disposable.from(view, changed, findings.onDidChange(refresh));
}

const groupRow = (status: FindingStatus, count: number): TreeRow => ({
  label: groupNames[status],
  id: `group-${status}`,
  description: String(count),
  contextValue: 'group',
  isFolded: true,
});

function findingRow({ file, id, title, share, where, summary, advice, note, level, status, fix, origin, cost, page }: ListedFinding): TreeRow {
  const size = origin === 'heap' ? formatBytes(cost) : formatShare(share);
  const [icon, colour] = icons[level];
  const open = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  const head = [title, where].flatMap((text) => (text ? [markdown`${text}`] : []));
  const sentences = [summary, advice, note].flatMap((text) => (text ? [markdownSentence(text)] : []));
  return {
    // The size first: what is cut in a narrow side bar is the end.
    label: `${size}  ${title}`,
    id: `${file}\0${id}`,
    description: where?.replace(/^.*[\\/]/, '') ?? '',
    tooltip: joinMarkdown([...head, ...sentences], '\n\n'),
    iconPath: status === 'open' ? open : new vscode.ThemeIcon(status === 'done' ? 'check' : 'circle-slash'),
    contextValue: [
      'finding',
      status,
      ...(where ? ['placed'] : []),
      ...(page ? ['explained'] : []),
      ...(fix && status === 'open' ? ['fixable'] : []),
      ...(origin === 'heap' ? ['leak'] : []),
    ].join('.'),
    command: { title: 'Show', command: where ? 'plateau.findings.goTo' : 'plateau.findings.show', arguments: [{ file, id }] },
    spoken: [groupNames[status], title, size, where, note].filter(Boolean).join(', '),
  };
}
