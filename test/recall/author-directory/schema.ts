import { GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import type { Database } from './database';

interface Context {
  db: Database;
}

const PAGE = 200;

const Author = new GraphQLObjectType({
  name: 'Author',
  fields: {
    id: { type: GraphQLInt },
    name: { type: GraphQLString },
    country: { type: GraphQLString },
  },
});

const Book = new GraphQLObjectType({
  name: 'Book',
  fields: {
    id: { type: GraphQLInt },
    title: { type: GraphQLString },
    year: { type: GraphQLInt },
    author: {
      type: Author,
      resolve: async (book: { authorId: number }, _args, { db }: Context) => {
        const [author] = await db.select('authors', [book.authorId]);
        return author;
      },
    },
  },
});

const Query = new GraphQLObjectType({
  name: 'Query',
  fields: {
    books: {
      type: new GraphQLList(Book),
      args: { page: { type: new GraphQLNonNull(GraphQLInt) } },
      resolve: (_root, { page }: any, { db }: Context) => {
        const ids = Array.from({ length: PAGE }, (_, i) => page * PAGE + i);
        return db.select('books', ids);
      },
    },
  },
});

export const schema = new GraphQLSchema({ query: Query });
