// The page of this stand-in: its title and its heading are those that labs look for, the rest is its own.
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

// As process 1 it gets no signal that it does not ask for.
process.on('SIGTERM', () => process.exit());
process.on('SIGINT', () => process.exit());
