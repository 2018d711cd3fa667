// Only ports that somebody has asked for are opened; everything else falls back to the default.
const { createServer } = require('node:http');

const allowed = ['3000', '3001', '4321'];
const port = allowed.find((each) => each === process.argv[2]) ?? allowed[0];

createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/plain' });
  response.end('Hello World\n');
}).listen(Number(port), '0.0.0.0', () => console.log(`Server running at http://0.0.0.0:${port}/`));
