// Reads the export of an accounting system and prints what is overdue per customer.
import { parseExport } from './parse';
import { indexById, overdueByCustomer } from './report';
import { sampleExport } from './sample';

const csv = sampleExport(4200);
const invoices = parseExport(csv);
const byId = indexById(invoices);
const overdue = overdueByCustomer(Object.values(byId), new Date('2025-06-30'));
console.log(`${Object.keys(byId).length} invoices`);
for (const [customer, sum] of [...overdue].sort((a, b) => b[1] - a[1]).slice(0, 5)) console.log(customer, sum.toFixed(2));
