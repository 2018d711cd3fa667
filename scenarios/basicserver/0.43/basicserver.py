# Greets the world, on port 5000.

from flask import Flask

server = Flask(__name__)


@server.get("/")
def greet():
    return "Hello, World!"


if __name__ == "__main__":
    server.run(host="0.0.0.0")
