const CALLS = ['fetchUser', 'fetchOrder', 'fetchCart', 'trackEvent'];

function makeHandler(i) {
  const a = CALLS[i % 4];
  const b = CALLS[(i * 3 + 1) % 4];
  return `
export async function handler${i}(request, reply) {
  const key = request.params.id + ${i};
  const found = await ${a}(key, { retries: ${i % 5} });
  if (!found) {
    return reply.status(404).send({ error: 'missing', key });
  }
  const rows = [];
  for (const entry of found.entries) {
    const price = entry.price * (1 + entry.tax / 100);
    rows.push({ sku: entry.sku, price, label: \`\${entry.name} (\${entry.unit})\` });
  }
  await ${b}(key, { rows: rows.length });
  return reply.send({ rows, total: rows.reduce((sum, r) => sum + r.price, 0) });
}
`;
}

export function makeModules(count, handlersPerModule) {
  const modules = [];
  for (let m = 0; m < count; m++) {
    let source = `import { fetchUser, fetchOrder, fetchCart, trackEvent } from 'legacy-api';\n`;
    for (let h = 0; h < handlersPerModule; h++) source += makeHandler(m * handlersPerModule + h);
    modules.push({ name: `routes/module-${m}.js`, source });
  }
  return modules;
}
