# Greets with the word in the variable GREETING, by default Hello, and the name in its first argument, by default the world.

import os
import sys

from flask import Flask

server = Flask(__name__)
greeting = os.environ.get("GREETING", "Hello")
target = sys.argv[1] if len(sys.argv) > 1 else "World"


@server.get("/")
def greet():
    return f"{greeting}, {target}!"


if __name__ == "__main__":
    server.run(host="0.0.0.0")
