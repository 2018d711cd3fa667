// Answers every request with the text alone. Its only argument is the port.
const { createServer } = require('node:http');

const [port] = process.argv.slice(2);

const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello World');
});

server.listen(Number(port), '0.0.0.0', () => {
  console.log(`Server running at http://0.0.0.0:${port}/`);
});
