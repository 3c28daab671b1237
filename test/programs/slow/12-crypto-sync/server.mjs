// A server that hashes passwords on the thread that serves everybody.
import { pbkdf2Sync } from 'node:crypto';
import http from 'node:http';

function signIn(password) {
  const salt = 'a fixed salt, for the example';
  return pbkdf2Sync(password, salt, 1_000_000, 32, 'sha256').toString('hex');
}

http.createServer((request, response) => response.end(signIn(request.url))).listen(Number(process.env.PORT), '127.0.0.1');
