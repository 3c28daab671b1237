const ACCOUNTS = ['1200', '4400'];
const TEXTS = ['Invoice', 'Refund', 'Bank charge', 'Rent', 'Salary', 'Office supplies', 'Travel'];

export function bookings(count) {
  const list = [];
  let x = 12345;
  const next = () => (x = (x * 1103515245 + 12345) % 2147483648) / 2147483648;
  const start = Date.UTC(2024, 0, 1);
  for (let i = 0; i < count; i++) {
    const date = new Date(start + i * 3600e3);
    list.push({
      date: date.toISOString().slice(0, 10),
      account: ACCOUNTS[Math.floor(next() * ACCOUNTS.length)],
      text: `${TEXTS[Math.floor(next() * TEXTS.length)]} ${1000 + i}`,
      amount: Math.round((next() - 0.4) * 100000) / 100,
    });
  }
  return list;
}
