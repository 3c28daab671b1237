import { parentPort } from 'node:worker_threads';

function walk(network, from, to) {
  let at = from;
  let time = 0;
  let changes = 0;
  let line = -1;
  for (let hop = 0; hop < 200 && at !== to; hop++) {
    const stop = network.stops[at];
    let next = stop.links[0];
    for (const link of stop.links) {
      if (Math.abs(link.to - to) < Math.abs(next.to - to)) next = link;
    }
    if (line !== -1 && next.line !== line) changes++;
    line = next.line;
    time += next.minutes;
    at = next.to;
  }
  return { time, changes, reached: at === to };
}

parentPort.on('message', ({ id, request, network }) => {
  const { time, changes, reached } = walk(network, request.from, request.to);
  const lifts = network.stops[request.from].lift && network.stops[request.to].lift;
  const result = {
    from: network.stops[request.from].name,
    to: network.stops[request.to].name,
    score: (reached ? 100 : 20) / (1 + time / 60 + changes * 0.4),
    accessible: !request.wheelchair || lifts,
  };
  parentPort.postMessage({ id, result });
});
