// The orders of a bookshop over GraphQL.
import http from 'node:http';
import { type DocumentNode, execute, parse, validate } from 'graphql';
import { Connection } from './connection';
import { type Context, schema } from './schema';

const documents = new Map<string, DocumentNode>();

function documentOf(text: string): DocumentNode {
  const known = documents.get(text);
  if (known) return known;
  const document = parse(text);
  const [error] = validate(schema, document);
  if (error) throw error;
  documents.set(text, document);
  return document;
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const context: Context = { database: await Connection.open(Number(process.env.DATABASE_PORT)) };

async function answer(request: http.IncomingMessage): Promise<string> {
  const { query, variables } = JSON.parse(await bodyOf(request));
  const result = await execute({ schema, document: documentOf(query), contextValue: context, variableValues: variables });
  return JSON.stringify(result);
}

const server = http.createServer((request, response) => {
  answer(request).then(
    (text) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(text);
    },
    (error) => response.writeHead(400).end(String(error)),
  );
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1');
