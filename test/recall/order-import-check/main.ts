import { orderSchema, customerSchema } from './schemas';
import { checkRecord } from './check';
import { readBatch, type ImportRecord } from './batch';

interface Outcome {
  accepted: number;
  rejected: number;
  byField: Map<string, number>;
  revenue: number;
}

const models: Record<string, object> = { order: orderSchema, customer: customerSchema };

function importBatch(records: ImportRecord[]): Outcome {
  const outcome: Outcome = { accepted: 0, rejected: 0, byField: new Map(), revenue: 0 };
  for (const record of records) {
    const problems = checkRecord(models[record.model], record.payload);
    if (problems.length > 0) {
      outcome.rejected++;
      for (const p of problems) {
        outcome.byField.set(p.field, (outcome.byField.get(p.field) ?? 0) + 1);
      }
      continue;
    }
    outcome.accepted++;
    if (record.model === 'order') {
      const lines = (record.payload as any).lines as { qty: number; unitPrice: number }[];
      for (const line of lines) outcome.revenue += line.qty * line.unitPrice;
    }
  }
  return outcome;
}

let accepted = 0;
let rejected = 0;
let revenue = 0;
for (let batch = 0; batch < 6; batch++) {
  const out = importBatch(readBatch(batch, 60));
  accepted += out.accepted;
  rejected += out.rejected;
  revenue += out.revenue;
  const worst = [...out.byField].sort((a, b) => b[1] - a[1])[0];
  console.log(`batch ${batch}: ${out.accepted} ok, ${out.rejected} rejected, worst field ${worst?.[0] ?? '-'}`);
}
console.log(`accepted ${accepted}, rejected ${rejected}, revenue ${revenue.toFixed(2)}`);
