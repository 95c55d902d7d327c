// A real Node.js service for the trial matrix: each request builds and serialises some objects. FACTOR multiplies the
// work, PORT is where it listens.
'use strict';
const http = require('http');

const items = Math.round(220 * Number(process.env.FACTOR || 1));

function body() {
  const list = [];
  for (let i = 0; i < items; ++i) list.push({id: i, name: 'item ' + i, tags: ['a', 'b', String(i * 7)]});
  return JSON.stringify(JSON.parse(JSON.stringify(list)).slice(0, 10));
}

const server = http.createServer((request, response) => {
  const text = body();
  response.writeHead(200, {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text)});
  response.end(text);
});
server.keepAliveTimeout = 60000;
server.listen(Number(process.env.PORT), '127.0.0.1');
