export interface Category {
  id: number;
  parent: number | null;
  name: string;
  position: number;
  hidden: boolean;
}

const NAMES = ['Garden', 'Kitchen', 'Tools', 'Lamps', 'Textiles', 'Toys', 'Books', 'Paper', 'Paint', 'Sport', 'Audio', 'Cables'];

/** The rows of the table `category`, as the shop exports them: in no particular order. */
export function exportRows(count: number, seed: number): Category[] {
  let state = seed;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const rows: Category[] = [];
  for (let id = 1; id <= count; id++) {
    const parent = id <= 12 ? null : 1 + Math.floor(random() * Math.min(id - 1, count / 3));
    rows.push({ id, parent, name: `${NAMES[id % NAMES.length]} ${id}`, position: Math.floor(random() * 1000), hidden: random() < 0.04 });
  }
  for (let i = rows.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [rows[i], rows[j]] = [rows[j], rows[i]];
  }
  return rows;
}
