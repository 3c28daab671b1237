// Asks one slow server for two reports at once, and has nothing else to do.
async function loadReport(name) {
  const response = await fetch(`${process.env.UPSTREAM}/slow/${name}`);
  return response.text();
}

const reports = await Promise.all([loadReport('sales'), loadReport('stock')]);
console.log(reports.length);
