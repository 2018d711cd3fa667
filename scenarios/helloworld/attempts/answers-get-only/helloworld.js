// Answers every request with a greeting. Its only argument is the port.
const { createServer } = require('node:http');

const [port] = process.argv.slice(2);

const server = createServer((request, response) => {
  if (request.method !== 'GET') {
    response.writeHead(405, { Allow: 'GET' });
    response.end('Method Not Allowed\n');
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello World\n');
});

server.listen(Number(port), '0.0.0.0', () => {
  console.log(`Server running at http://0.0.0.0:${port}/`);
});
