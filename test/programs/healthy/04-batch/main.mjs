// Reads a stream of records as it comes, and sums them up by key in a few small steps.
import http from 'node:http';

const sums = new Map();

function parse(line) {
  const [key, amount] = line.split(';');
  return { key, amount: Number(amount) };
}

function add({ key, amount }) {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function print() {
  return [...sums].sort(([a], [b]) => a.localeCompare(b)).map(([key, sum]) => `${key} ${sum}`);
}

http.get(`${process.env.UPSTREAM}/stream`, (response) => {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const line of lines) add(parse(line));
  });
  response.on('end', () => console.log(print().length));
});
