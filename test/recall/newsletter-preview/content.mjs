const TOPICS = ['politics', 'science', 'sport', 'culture'];
const TITLES = ['A bridge reopens', 'What the survey found', 'Late goal decides', 'The long road home', 'Small town, big stage'];

export const articles = Array.from({ length: 120 }, (_, id) => ({
  id,
  topic: TOPICS[id % TOPICS.length],
  title: `${TITLES[id % TITLES.length]} (${id})`,
  date: `2024-05-${String(1 + (id % 28)).padStart(2, '0')}`,
  lead: 'Nobody had expected it & yet it came: ' + 'some more words about the matter. '.repeat(1 + (id % 4)),
  tags: id % 3 === 0 ? [] : ['local', TOPICS[(id + 1) % 4]],
}));

export const subscribers = Array.from({ length: 40 }, (_, id) => ({
  id,
  name: `Reader ${id}`,
  topic: TOPICS[(id * 3) % TOPICS.length],
  since: id % 2 ? 2015 + (id % 8) : null,
}));
