import Papa from 'papaparse';
import { load, people } from '../input.mjs';

const rows = people(4000).map(({ id, name, email, age, note }) => ({ id, name, email, age, note: `${note}, "quoted"` }));
const csv = Papa.unparse(rows);
await load((turn) => (turn % 3 === 0 ? Papa.unparse(rows) : Papa.parse(csv, { header: true, dynamicTyping: true })));
