import { createLogger } from './logger.mjs';

const log = createLogger('hall', process.env.LOG_LEVEL ?? 'info');

function rng(seed) {
  let s = seed;
  return () => ((s = (s * 16807) % 2147483647) - 1) / 2147483646;
}

class ServiceHall {
  constructor(counters, seed) {
    this.rnd = rng(seed);
    this.clock = 0;
    this.counters = Array.from({ length: counters }, (_, id) => ({ id, busyUntil: 0, ticket: null, served: 0 }));
    this.waiting = [];
    this.nextTicket = 1;
    this.stats = { served: 0, waited: 0, longest: 0 };
  }

  arrive() {
    const ticket = { id: this.nextTicket++, arrived: this.clock, topic: Math.floor(this.rnd() * 5) };
    this.waiting.push(ticket);
    log.debug(`ticket ${ticket.id} arrived, hall is ${JSON.stringify(this.snapshot())}`);
  }

  serve(counter) {
    const ticket = this.waiting.shift();
    const wait = this.clock - ticket.arrived;
    counter.ticket = ticket.id;
    counter.busyUntil = this.clock + 2 + Math.floor(this.rnd() * 14) + ticket.topic;
    counter.served++;
    this.stats.served++;
    this.stats.waited += wait;
    if (wait > this.stats.longest) this.stats.longest = wait;
  }

  tick() {
    this.clock++;
    if (this.rnd() < 0.78) this.arrive();
    for (const counter of this.counters) {
      if (counter.busyUntil <= this.clock && this.waiting.length > 0) this.serve(counter);
    }
  }

  snapshot() {
    return { clock: this.clock, counters: this.counters, waiting: this.waiting, stats: this.stats };
  }
}

function simulate(counters, minutes, seed) {
  const hall = new ServiceHall(counters, seed);
  for (let m = 0; m < minutes; m++) hall.tick();
  log.info(`${counters} counters: ${hall.stats.served} served, mean wait ${(hall.stats.waited / hall.stats.served).toFixed(1)}`);
  return { counters, waiting: hall.waiting.length, longest: hall.stats.longest };
}

const results = [];
for (let counters = 6; counters <= 11; counters++) results.push(simulate(counters, 9000, 40 + counters));
const enough = results.find((r) => r.longest <= 20);
console.log(enough ? `${enough.counters} counters are enough` : 'more counters are needed');
