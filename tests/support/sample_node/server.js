// A small service as people write them: `burstgate init` has to find out how it is started and what it answers.
'use strict';
const http = require('http');

const notes = Array.from({length: 20}, (_, id) => ({id, text: `note ${id}`}));

http.createServer((request, response) => {
  if (request.url === '/health') return response.end('ok\n');
  setTimeout(() => {  // a database would take as long
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(notes));
  }, 8);
}).listen(process.env.PORT || 3000, '127.0.0.1');
