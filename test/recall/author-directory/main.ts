import { graphql } from 'graphql';
import { schema } from './schema';
import { Database } from './database';

const QUERY = `query Directory($page: Int!) {
  books(page: $page) { title year author { name country } }
}`;

const db = new Database();
const byCountry = new Map<string, number>();
let books = 0;

for (let page = 0; page < 5; page++) {
  const result: any = await graphql({ schema, source: QUERY, variableValues: { page }, contextValue: { db } });
  if (result.errors) throw result.errors[0];
  for (const book of result.data.books) {
    books++;
    byCountry.set(book.author.country, (byCountry.get(book.author.country) ?? 0) + 1);
  }
}

console.log(`${books} books listed`);
for (const [country, n] of [...byCountry].sort((a, b) => b[1] - a[1])) console.log(`${country.padEnd(8)} ${n}`);
console.log(`${db.statements} statements, ${db.rows} rows`);
