import { button } from '../ui/dom';

/** Makes a table's headers sort it. Numbers stand in `data-v` and start with the largest; texts start with A. */
export function makeSortable(table: HTMLTableElement): void {
  const [body] = table.tBodies;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body) return;
  const sortBy = (column: number): void => {
    const head = heads[column] as HTMLTableCellElement;
    const isNumber = head.classList.contains('number');
    const before = head.getAttribute('aria-sort');
    const isRising = before === null ? !isNumber : before === 'descending';
    for (const one of heads) one.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
    const key = (row: HTMLTableRowElement): string => row.cells[column]?.textContent ?? '';
    const value = (row: HTMLTableRowElement): number => Number(row.cells[column]?.dataset.v ?? 0);
    const compare = isNumber
      ? (a: HTMLTableRowElement, b: HTMLTableRowElement) => value(a) - value(b)
      : (a: HTMLTableRowElement, b: HTMLTableRowElement) => key(a).localeCompare(key(b), 'en', { numeric: true });
    body.append(...[...body.rows].sort((a, b) => (isRising ? compare(a, b) : compare(b, a))));
  };
  for (const [column, head] of heads.entries()) {
    const name = head.textContent ?? '';
    head.classList.add('sortable');
    head.replaceChildren(button(`Sort by ${name.toLowerCase()}`, () => sortBy(column), { class: 'sort' }, name));
  }
}
