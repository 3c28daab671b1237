import { ExportService } from './service.mjs';
import { writeReport } from './report.mjs';

const service = new ExportService();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function finished(jobId) {
  let status = service.status(jobId);
  while (status.state === 'running') {
    await sleep(1000);
    status = service.status(jobId);
  }
  if (status.state === 'failed') throw new Error(`job ${jobId} failed: ${status.error}`);
  return status;
}

async function exportMonth(month) {
  const job = service.submit({ table: 'invoices', month });
  const status = await finished(job.id);
  return { month, rows: status.rows, took: status.took };
}

const months = ['2024-01', '2024-02', '2024-03', '2024-04', '2024-05', '2024-06'];
const exports = [];
// the service allows one export at a time per account
for (const month of months) exports.push(await exportMonth(month));
console.log(writeReport(exports));
