import { parentPort } from 'node:worker_threads';

function evaluate(articles, { number, change, group }) {
  let turnover = 0;
  let margin = 0;
  for (const { price, cost, sold, group: of, elasticity } of articles) {
    const factor = of === group ? 1 + change : 1;
    const amount = sold * factor ** elasticity;
    turnover += amount * price * factor;
    margin += amount * (price * factor - cost);
  }
  return { number, turnover, margin };
}

parentPort.on('message', ({ articles, scenario }) => {
  parentPort.postMessage(evaluate(articles, scenario));
});
