const http = require('http');
const port = process.argv[2] ?? 3000;
http.createServer((_, answer) => answer.end('Hello World\n')).listen(port);
