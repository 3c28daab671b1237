// A log in memory.
const entries = [];

export function exercise() {
  entries.push({ level: 'info', at: new Date(), message: `request ${entries.length}` });
}
