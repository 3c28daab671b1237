/** Time in which at least `least` of something are in flight. Microseconds. */
export interface BusyClock {
  enter(at: number): void;
  leave(at: number): void;
  /** Up to a moment. */
  read(at: number): number;
  readonly most: number;
}

export function busyClock(least = 1): BusyClock {
  let inFlight = 0;
  let most = 0;
  let busy = 0;
  let since = 0;
  return {
    enter(at) {
      if (++inFlight === least) since = at;
      if (inFlight > most) most = inFlight;
    },
    leave(at) {
      if (inFlight-- === least) busy += at - since;
    },
    read: (at) => busy + (inFlight >= least ? at - since : 0),
    get most() {
      return most;
    },
  };
}
