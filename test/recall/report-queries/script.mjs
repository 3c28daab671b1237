const TABLES = ['orders', 'customers', 'parcels', 'returns', 'payments'];
const COLUMNS = ['id', 'created_at', 'total', 'town', 'state', 'weight'];

/** A script of the reports that run at night. */
export function nightly(reports) {
  let state = 7;
  const next = (below) => {
    state = (Math.imul(state, 48271) + 11) >>> 0;
    return (state >>> 4) % below;
  };
  const statements = [];
  for (let i = 0; i < reports; i++) {
    const table = TABLES[next(5)];
    const columns = Array.from({ length: 2 + next(4) }, () => `${table}.${COLUMNS[next(6)]}`);
    const clauses = Array.from({ length: 1 + next(4) }, () => `${COLUMNS[next(6)]} ${['=', '<>', '<=', '>'][next(4)]} ${next(5000)}`);
    statements.push(`select ${columns.join(', ')}\n  from ${table}\n  where ${clauses.join(' and ')}\n  order by ${COLUMNS[next(6)]}\n  limit ${10 + next(90)}`);
  }
  return `${statements.join(';\n\n')};\n-`;
}
