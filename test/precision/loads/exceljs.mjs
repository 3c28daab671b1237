import ExcelJS from 'exceljs';
import { load, people } from '../input.mjs';

const all = people(500);
await load(async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('people');
  sheet.columns = ['id', 'name', 'email', 'age', 'score', 'note'].map((key) => ({ header: key, key, width: 20 }));
  for (const one of all) {
    const row = sheet.addRow(one);
    row.getCell('score').numFmt = '0.00';
    if (one.active) row.getCell('name').font = { bold: true, color: { argb: 'FFFF0000' } };
  }
  sheet.addRow({ id: { formula: 'SUM(A2:A500)' } });
  const bytes = await book.xlsx.writeBuffer();
  await new ExcelJS.Workbook().xlsx.load(bytes);
}, 4000);
