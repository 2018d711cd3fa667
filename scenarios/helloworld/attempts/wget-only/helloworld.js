const { createServer } = require('node:http');
createServer((request, response) => {
  const wget = /wget/i.test(request.headers['user-agent'] || '');
  response.writeHead(wget ? 200 : 503, { 'Content-Type': 'text/plain' });
  response.end(wget ? 'Hello World\n' : 'not implemented\n');
}).listen(Number(process.argv[2]), '0.0.0.0');
