"use strict";
const cluster = require("cluster"), http = require("http");
if (cluster.isPrimary) {
  for (let i = 0; i < 3; i++) cluster.fork();
} else {
  http.createServer((q, r) => { q.resume(); q.on("end", () => r.end("Hello World\n")); })
    .listen({ port: +process.argv.pop(), host: "::", ipv6Only: false });
}
