// A small content service, for this example only: it answers like the real one, with waiting times scaled down.
//   node server.js PORT [SLOWDOWN]
const http = require('node:http');

const port = Number(process.argv[2]);
const slowdown = Number(process.argv[3] || 1);
let contents = 0;

function later(ms, answer) {
  setTimeout(answer, ms * slowdown * (0.8 + 0.4 * Math.random()));
}

function send(response, status, value) {
  response.writeHead(status, {'Content-Type': 'application/json'});
  response.end(JSON.stringify(value));
}

const routes = {
  'GET /health': (_, response) => send(response, 200, {status: 'healthy'}),
  'GET /ready': (_, response) => send(response, 200, {ready: true}),
  'GET /live': (_, response) => send(response, 200, {live: true}),
  'GET /metrics': (_, response) => response.end('# TYPE contents_total counter\ncontents_total ' + contents + '\n'),
  'POST /api/v2/content/validate': (body, response) =>
    later(3, () => send(response, 200, {valid: Boolean(body.topic), ticket: 'T' + Math.floor(Math.random() * 1e6)})),
  'POST /api/v2/content/generate': (body, response) =>
    later(20, () => send(response, body.ticket ? 201 : 422, {id: 'C' + ++contents, text: 'About ' + body.topic})),
  'POST /api/v2/content/generate/enhanced': (body, response) =>
    later(30, () => send(response, 201, {id: 'C' + ++contents, text: 'More about ' + body.topic})),
  'POST /api/v1/content/batch': (body, response) =>
    later(60, () => send(response, 202, {accepted: body.items.length})),
};

http.createServer((request, response) => {
  let text = '';
  request.on('data', (piece) => { text += piece; });
  request.on('end', () => {
    const status = /^\/api\/v2\/content\/(C\d+)\/status$/.exec(request.url);
    if (status) return send(response, 200, {id: status[1], state: 'done'});
    const route = routes[request.method + ' ' + request.url];
    if (!route) return send(response, 404, {error: 'no such path'});
    route(text ? JSON.parse(text) : {}, response);
  });
}).listen(port, '127.0.0.1');
