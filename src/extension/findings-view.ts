import * as vscode from 'vscode';
import type { FindingRef } from '../protocol/findings';
import { markedCode, textParts } from '../shared/code-text';
import { type FindingStatus, findingStatuses } from '../shared/finding-status';
import { formatBytes, formatShare } from '../shared/format';
import type { FindingLevel } from '../shared/reported-finding';
import type { ActiveFindings, ListedFinding } from './active-findings';

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
  const view = vscode.window.createTreeView<Row>('plateau.findings', {
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren(row) {
        if (row) return row.kind === 'group' ? rows(row.status) : [];
        // What is open needs no folding; what is not should not be in the way.
        const folded = findingStatuses.filter((status) => status !== 'open' && of(status).length > 0);
        return [...rows('open'), ...folded.map((status): Row => ({ kind: 'group', status }))];
      },
      getTreeItem: (row) => (row.kind === 'group' ? groupItem(row.status, of(row.status).length) : findingItem(row.finding)),
    },
  });
  const refresh = (): void => {
    changed.fire(undefined);
    const open = of('open').length;
    view.badge = open > 0 ? { value: open, tooltip: open === 1 ? '1 open finding' : `${open} open findings` } : undefined;
    view.message = findings.all.length > 0 && open === 0 ? 'Nothing is open.' : undefined;
    void vscode.commands.executeCommand('setContext', 'plateau.hasFindings', findings.all.length > 0);
  };
  return vscode.Disposable.from(view, changed, findings.onDidChange(refresh));
}

function groupItem(status: FindingStatus, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(groupNames[status], vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `group-${status}`;
  item.description = String(count);
  item.contextValue = 'group';
  return item;
}

function findingItem(finding: ListedFinding): vscode.TreeItem {
  const { file, title, share, where, summary, advice, note, level, status, fix, origin, cost } = finding;
  const size = origin === 'heap' ? formatBytes(cost) : formatShare(share);
  // The size first: what is cut in a narrow side bar is the end.
  const item = new vscode.TreeItem(`${size}  ${title}`);
  item.id = `${file}\0${finding.id}`;
  item.description = where?.replace(/^.*[\\/]/, '') ?? '';
  const tooltip = new vscode.MarkdownString();
  // Names in it come from the profile: text, not markup.
  for (const part of [`${title}\n`, where]) if (part) tooltip.appendText(part).appendMarkdown('\n\n');
  for (const sentence of [summary, advice, note ?? '']) {
    for (const { text, isCode } of textParts(sentence)) {
      if (isCode) tooltip.appendMarkdown(markedCode(text));
      else tooltip.appendText(text);
    }
    tooltip.appendMarkdown('\n\n');
  }
  item.tooltip = tooltip;
  const [icon, colour] = icons[level];
  item.iconPath =
    status === 'open' ? new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour)) : new vscode.ThemeIcon(status === 'done' ? 'check' : 'circle-slash');
  item.contextValue = [
    'finding',
    status,
    ...(where ? ['placed'] : []),
    ...(finding.page ? ['explained'] : []),
    ...(fix && status === 'open' ? ['fixable'] : []),
    ...(origin === 'heap' ? ['leak'] : []),
  ].join('.');
  item.command = { title: 'Show', command: where ? 'plateau.findings.goTo' : 'plateau.findings.show', arguments: [{ file, id: finding.id }] };
  item.accessibilityInformation = { label: [groupNames[status], title, size, where, note].filter(Boolean).join(', ') };
  return item;
}
