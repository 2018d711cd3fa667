// Answers only the first request. All later requests wait forever, and the process keeps running.
const { createServer } = require('node:http');

const [port] = process.argv.slice(2);

const server = createServer();
server.once('request', (request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello World\n');
});

server.listen(Number(port), '0.0.0.0', () => {
  console.log(`Server running at http://0.0.0.0:${port}/`);
});
