// Gives each address of a customer list a short code and the nearest depot; prints its progress meanwhile.
import { encode, nearest } from './codes.mjs';
import { BackgroundJob } from './jobs.mjs';

let state = 6;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const somewhere = () => ({ latitude: 47.4 + random() * 7.4, longitude: 6 + random() * 9 });

const depots = Array.from({ length: 300 }, (_, i) => ({ name: `depot ${i + 1}`, ...somewhere() }));
const addresses = Array.from({ length: 3200 }, (_, i) => ({ customer: 10_000 + i, ...somewhere() }));

const job = new BackgroundJob(addresses, (address) => ({
  customer: address.customer,
  code: encode(address.latitude, address.longitude),
  ...nearest(address, depots),
}));

const progress = setInterval(() => console.log(`${job.done} of ${addresses.length}`), 1000);
const coded = await job.run();
clearInterval(progress);

const perDepot = new Map();
for (const { depot } of coded) perDepot.set(depot, (perDepot.get(depot) ?? 0) + 1);
const [busiest, count] = [...perDepot].sort((a, b) => b[1] - a[1])[0];
const far = coded.reduce((most, one) => (one.kilometres > most.kilometres ? one : most));
console.log(`${coded.length} addresses, ${busiest} has ${count}; ${far.code} is ${far.kilometres.toFixed(1)} km from ${far.depot}`);
