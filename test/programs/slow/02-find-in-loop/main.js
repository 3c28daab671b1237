// Joins orders and customers by looking through all customers for each order.
const customers = Array.from({ length: 6000 }, (_, id) => ({ id: `c${id}`, name: `Customer ${id}` }));
const orders = Array.from({ length: 1000 }, (_, i) => ({ customer: `c${(i * 7919) % 6000}`, amount: i }));

function join(list) {
  const rows = [];
  for (const order of list) {
    const customer = customers.find((one) => one.id === order.customer);
    rows.push({ name: customer.name, amount: order.amount });
  }
  return rows;
}

const end = Date.now() + 1200;
let total = 0;
while (Date.now() < end) total += join(orders).length;
console.log(total);
