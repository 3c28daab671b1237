export interface Product {
  name: string;
  maker: string;
  net: number;
  stock: number;
}

export function loadProducts(count: number): Product[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `Article <${i}>`,
    maker: `Maker & Sons ${i % 120}`,
    net: ((i * 7919) % 100000) / 100,
    stock: i % 7,
  }));
}

export function euros(amount: number, locale: string): string {
  const rounded = Math.round(amount * 100) / 100;
  return rounded.toLocaleString(locale, { style: 'currency', currency: 'EUR' });
}
