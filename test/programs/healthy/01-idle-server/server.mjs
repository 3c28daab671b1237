// A server that nobody asks for anything, with a timer that looks after it.
import http from 'node:http';

http.createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
setInterval(() => process.memoryUsage(), 500);
