// The page of this stand-in. Its title and heading are those that labs check; the rest is its own.
const page = `<!DOCTYPE html>
<html>
<head><title>K8s rocks!</title></head>
<body><h1>Kubernetes Rocks!</h1><p>A small server in a Pod has answered.</p></body>
</html>
`;

const server = require('http').createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end(page);
});
server.listen(8080, () => console.log('listening on port 8080'));

// Process 1 gets only signals for which it has a handler.
process.on('SIGTERM', () => process.exit());
process.on('SIGINT', () => process.exit());
