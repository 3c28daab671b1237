// The yearly bill of the households of a street, by quarter-hourly readings and a tariff with three bands.
import { peak, readings } from './meter.mjs';
import { price } from './tariff.mjs';

process.env.TARIFF_VAT ??= 'included';

const HOUSEHOLDS = 180;
const DAYS = 365;

function bill(household) {
  const used = readings(DAYS, household * 7919 + 3);
  const months = new Float64Array(12);
  for (let i = 0; i < used.length; i++) {
    const minute = i * 15;
    const month = Math.min(11, Math.floor(minute / 1440 / 30.42));
    months[month] += price(minute, used[i]);
  }
  return { household, months, total: months.reduce((sum, month) => sum + month, 0), peak: peak(used) };
}

const bills = [];
for (let household = 1; household <= HOUSEHOLDS; household++) bills.push(bill(household));
bills.sort((a, b) => b.total - a.total);
for (const { household, total, peak: most } of bills.slice(0, 5)) {
  console.log(`household ${household}: ${(total / 100).toFixed(2)} EUR, peak ${most.toFixed(2)} kW`);
}
console.log(`street: ${(bills.reduce((sum, { total }) => sum + total, 0) / 100).toFixed(2)} EUR`);
