import { GraphQLFloat, GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { Connection, Row } from './connection';

export interface Context {
  database: Connection;
}

const Buyer = new GraphQLObjectType<Row, Context>({
  name: 'Buyer',
  fields: { id: { type: GraphQLInt }, name: { type: GraphQLString }, city: { type: GraphQLString } },
});

const Order = new GraphQLObjectType<Row, Context>({
  name: 'Order',
  fields: {
    id: { type: GraphQLInt },
    total: { type: GraphQLFloat },
    rounded: { type: GraphQLInt, resolve: (order) => Math.round(Number(order.total)) },
    buyer: {
      type: Buyer,
      resolve: async (order, _arguments, { database }) => {
        const [buyer] = await database.rows({ table: 'customer', ids: [Number(order.customer)] });
        return buyer;
      },
    },
  },
});

const Query = new GraphQLObjectType<unknown, Context>({
  name: 'Query',
  fields: {
    orders: {
      type: new GraphQLList(new GraphQLNonNull(Order)),
      args: { from: { type: GraphQLInt }, first: { type: GraphQLInt } },
      resolve: (_root, { from = 0, first = 20 }, { database }) => database.rows({ table: 'order', from, count: Math.min(first, 50) }),
    },
  },
});

export const schema = new GraphQLSchema({ query: Query });
