# Greets the name in its first argument, or otherwise the world, on port 5000.

import sys

from flask import Flask

server = Flask(__name__)
target = sys.argv[1] if len(sys.argv) > 1 else "World"


@server.get("/")
def greet():
    return f"Hello, {target}!"


if __name__ == "__main__":
    server.run(host="0.0.0.0")
