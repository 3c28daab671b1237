export interface StockItem {
  sku: string;
  name: string;
  price: number;
  left: number;
  warehouse: { aisle: number; shelf: number };
}

export interface Basket {
  items: { sku: string; qty: number }[];
  touched: number;
}

export interface ShopState {
  stock: Record<string, StockItem>;
  baskets: Record<string, Basket>;
  orders: { session: string; total: number; lines: number }[];
}

export type Action =
  | { type: 'add'; session: string; sku: string; qty: number; at: number }
  | { type: 'remove'; session: string; sku: string; at: number }
  | { type: 'checkout'; session: string; at: number };

export function initialState(products: number): ShopState {
  const stock: Record<string, StockItem> = {};
  for (let i = 0; i < products; i++) {
    const sku = `P${i}`;
    stock[sku] = { sku, name: `Product ${i}`, price: 2 + ((i * 37) % 900) / 10, left: 40 + (i % 25), warehouse: { aisle: i % 12, shelf: i % 40 } };
  }
  return { stock, baskets: {}, orders: [] };
}

export function reduce(state: ShopState, action: Action): ShopState {
  const next = structuredClone(state);
  const basket = (next.baskets[action.session] ??= { items: [], touched: 0 });
  basket.touched = action.at;
  switch (action.type) {
    case 'add': {
      const item = next.stock[action.sku];
      const qty = Math.min(action.qty, item.left);
      if (qty > 0) {
        item.left -= qty;
        basket.items.push({ sku: action.sku, qty });
      }
      return next;
    }
    case 'remove': {
      const at = basket.items.findIndex((i) => i.sku === action.sku);
      if (at >= 0) {
        next.stock[action.sku].left += basket.items[at].qty;
        basket.items.splice(at, 1);
      }
      return next;
    }
    case 'checkout': {
      let total = 0;
      for (const { sku, qty } of basket.items) total += next.stock[sku].price * qty;
      if (basket.items.length) next.orders.push({ session: action.session, total, lines: basket.items.length });
      basket.items = [];
      return next;
    }
  }
}
