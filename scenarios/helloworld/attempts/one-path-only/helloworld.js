// Answers every request with a greeting. Its only argument is the port.
const { createServer } = require('node:http');

const [port] = process.argv.slice(2);

const server = createServer((request, response) => {
  if (request.url !== '/') {
    response.writeHead(404);
    response.end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello World\n');
});

server.listen(Number(port), '0.0.0.0', () => {
  console.log(`Server running at http://0.0.0.0:${port}/`);
});
