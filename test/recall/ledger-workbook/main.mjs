import ExcelJS from 'exceljs';
import { bookings } from './bookings.mjs';

const COLUMNS = [
  { header: 'Date', key: 'date', width: 12 },
  { header: 'Account', key: 'account', width: 10 },
  { header: 'Text', key: 'text', width: 40 },
  { header: 'Debit', key: 'debit', width: 12 },
  { header: 'Credit', key: 'credit', width: 12 },
];

function addLedgerSheet(workbook, account, entries) {
  const sheet = workbook.addWorksheet(`Account ${account}`);
  sheet.columns = COLUMNS;
  sheet.getRow(1).font = { bold: true };
  for (const entry of entries) {
    sheet.insertRow(2, {
      date: entry.date,
      account,
      text: entry.text,
      debit: entry.amount < 0 ? -entry.amount : null,
      credit: entry.amount >= 0 ? entry.amount : null,
    });
  }
  return sheet;
}

function addSummary(workbook, byAccount) {
  const sheet = workbook.addWorksheet('Summary');
  sheet.addRow(['Account', 'Entries', 'Balance']);
  for (const [account, entries] of byAccount) {
    const balance = entries.reduce((sum, e) => sum + e.amount, 0);
    sheet.addRow([account, entries.length, Math.round(balance * 100) / 100]);
  }
}

const byAccount = new Map();
for (const entry of bookings(2500)) {
  if (!byAccount.has(entry.account)) byAccount.set(entry.account, []);
  byAccount.get(entry.account).push(entry);
}

const workbook = new ExcelJS.Workbook();
workbook.creator = 'bookkeeping';
for (const [account, entries] of byAccount) addLedgerSheet(workbook, account, entries);
addSummary(workbook, byAccount);

const buffer = await workbook.xlsx.writeBuffer();
console.log(`workbook with ${workbook.worksheets.length} sheets, ${buffer.byteLength > 1000 ? 'written' : 'empty'}`);
