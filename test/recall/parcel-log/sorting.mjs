export const DEPOTS = ['Kassel', 'Erfurt', 'Lehrte', 'Ulm', 'Neuss'];

export class Sorter {
  loads = new Map(DEPOTS.map((depot) => [depot, 0]));
  held = 0;

  constructor(log) {
    this.log = log;
  }

  depotFor(parcel) {
    return DEPOTS[Math.floor(parcel.postcode / 20_000) % DEPOTS.length];
  }

  accept(parcel) {
    const depot = this.depotFor(parcel);
    if (parcel.grams > 31_500) {
      this.held += 1;
      this.log.warn('too heavy', { id: parcel.id, grams: parcel.grams });
      return;
    }
    this.loads.set(depot, this.loads.get(depot) + parcel.grams);
    this.log.info('sorted', { id: parcel.id, depot });
    if (parcel.express) this.log.info('express', { id: parcel.id, depot, slot: parcel.id % 12 });
  }
}
