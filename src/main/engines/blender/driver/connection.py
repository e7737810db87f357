"""The connection to the host."""

import json
import queue
import socket
import threading

import bpy

from .process import vanish


class Connection:
    """The host."""

    def __init__(self, port, token, folder):
        """`folder` is removed with the process when the host has gone."""
        self.folder = folder
        self.requests = queue.SimpleQueue()
        self.outgoing = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.settimeout(None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send_now({"type": "hello", "token": token, "version": ".".join(map(str, bpy.app.version))})
        for work in (self.read, self.write):
            threading.Thread(target=work, daemon=True).start()

    def send(self, message):
        """From any thread, without waiting."""
        self.outgoing.put(message)

    def send_now(self, message):
        """From the main thread: a frame's answer need not wait for another thread to wake up."""
        try:
            with self.lock:
                self.socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            vanish(self.folder)

    def write(self):
        while True:
            self.send_now(self.outgoing.get())

    def read(self):
        try:
            for line in self.socket.makefile("rb"):
                message = json.loads(line)
                if message["type"] == "ping":
                    self.send({"type": "pong", "id": message["id"]})
                else:
                    self.requests.put(message)
        finally:
            # The host is gone: nobody wants the frame, and nobody else would end this process.
            vanish(self.folder)
