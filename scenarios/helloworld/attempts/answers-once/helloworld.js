// Answers every request with a greeting, on the port that is given as the only argument.
const { createServer } = require('node:http');

const [port] = process.argv.slice(2);

const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello World\n', () => process.exit());
});

server.listen(Number(port), '0.0.0.0', () => {
  console.log(`Server running at http://0.0.0.0:${port}/`);
});
