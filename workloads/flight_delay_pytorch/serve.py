"""The model server."""

from common.server import serve

if __name__ == "__main__":
    serve()
