export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly region: string;
}

export interface Order {
  readonly id: number;
  readonly customerId: number;
  readonly at: string;
  readonly items: readonly OrderItem[];
}

export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
  readonly price: number;
}

export interface Row {
  readonly order: Order;
  readonly customer: Customer;
  readonly day: string;
  readonly total: number;
}
