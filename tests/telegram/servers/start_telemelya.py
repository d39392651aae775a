"""Starts telemelya, unmodified, on a loopback port: python start_telemelya.py PORT, in an environment that has it.

It wants Redis and an S3 store; fakeredis and moto stand in for them inside this process.
"""

import os
import socket
import sys
import threading

import uvicorn
from fakeredis import TcpFakeServer
from moto.server import ThreadedMotoServer


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def main(port: int) -> None:
    redis = TcpFakeServer(("127.0.0.1", free_port()), server_type="redis")
    threading.Thread(target=redis.serve_forever, daemon=True).start()
    store = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    store.start()
    os.environ["REDIS_URL"] = f"redis://127.0.0.1:{redis.server_address[1]}/0"
    os.environ["MINIO_ENDPOINT"] = f"127.0.0.1:{store.get_host_and_port()[1]}"
    from telemelya.server.app import app  # it reads the environment when it is imported

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]))
