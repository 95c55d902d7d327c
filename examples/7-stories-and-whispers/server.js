// A small story platform, for this example only: login, discovery, stories, library, search, whispers.
//   node server.js PORT [SLOWDOWN]
const http = require('node:http');

const port = Number(process.argv[2]);
const slowdown = Number(process.argv[3] || 1);
const stories = Array.from({length: 50}, (_, i) => ({slug: 'story-' + i, title: 'Story ' + i, chapters: 1 + i % 9}));
const sessions = new Map();
let whispers = 0;

const routes = [
  ['GET', /^\/health$/, 0, () => [200, {status: 'ok'}]],
  ['POST', /^\/api\/login$/, 5, (_, body) => {
    if (!body.user) return [422, {error: 'no user'}];
    const token = 'token-' + body.user;
    sessions.set(token, body.user);
    return [200, {token}];
  }],
  ['GET', /^\/api\/discovery\/trending$/, 6, () => {
    const first = Math.floor(Math.random() * 40);
    return [200, {stories: stories.slice(first, first + 10)}];
  }],
  ['GET', /^\/api\/stories\/([a-z0-9-]+)$/, 4, (match) => {
    const story = stories.find((s) => s.slug === match[1]);
    return story ? [200, story] : [404, {error: 'no such story'}];
  }],
  ['GET', /^\/api\/users\/me$/, 2, (_, __, user) => (user ? [200, {user}] : [401, {error: 'log in first'}])],
  ['GET', /^\/api\/library\/shelves$/, 5, (_, __, user) =>
    (user ? [200, {owner: user, shelves: ['reading', 'read']}] : [401, {error: 'log in first'}])],
  ['GET', /^\/api\/search\/stories\?q=([^&]+)$/, 8, (match) =>
    [200, {query: decodeURIComponent(match[1]), results: stories.slice(0, 5)}]],
  ['POST', /^\/api\/whispers$/, 7, (_, body, user) => {
    if (!user) return [401, {error: 'log in first'}];
    return body.text ? [201, {id: ++whispers, story: body.story}] : [422, {error: 'no text'}];
  }],
];

http.createServer((request, response) => {
  let text = '';
  request.on('data', (piece) => { text += piece; });
  request.on('end', () => {
    for (const [method, path, ms, answer] of routes) {
      const match = request.method === method && path.exec(request.url);
      if (!match) continue;
      const user = sessions.get((request.headers.authorization || '').replace('Bearer ', ''));
      const [status, value] = answer(match, text ? JSON.parse(text) : {}, user);
      setTimeout(() => {
        response.writeHead(status, {'Content-Type': 'application/json'});
        response.end(JSON.stringify(value));
      }, ms * slowdown * (0.8 + 0.4 * Math.random()));
      return;
    }
    response.writeHead(404).end();
  });
}).listen(port, '127.0.0.1');
