import { reduce, initialState } from './reducer';
import { recordedActions } from './actions';

const actions = recordedActions(700);

let state = initialState(1200);
const revenueByHour = new Map<number, number>();
const abandoned: string[] = [];

for (const action of actions) {
  const before = state.orders.length;
  state = reduce(state, action);
  if (state.orders.length > before) {
    const order = state.orders[state.orders.length - 1];
    const hour = Math.floor(action.at / 60);
    revenueByHour.set(hour, (revenueByHour.get(hour) ?? 0) + order.total);
  }
}

for (const [session, basket] of Object.entries(state.baskets)) {
  if (basket.items.length > 0) abandoned.push(session);
}

const revenue = [...revenueByHour.values()].reduce((a, b) => a + b, 0);
console.log(`${actions.length} actions, ${state.orders.length} orders, revenue ${revenue.toFixed(2)}`);
console.log(`${abandoned.length} baskets abandoned, stock left ${Object.values(state.stock).reduce((a, b) => a + b.left, 0)}`);
