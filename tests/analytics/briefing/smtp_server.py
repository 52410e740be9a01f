"""A mail server on loopback for tests: it refuses, hangs, breaks off or accepts as it is told, with TLS or without."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Ending = Literal["accept", "refuse", "break", "hang"]


@dataclass
class Post:
    """How the server behaves, and what reached it."""

    port: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """Addresses and what they are answered."""
    ending: Ending = "accept"
    """What follows the last byte of a mail."""
    hang_at: str = ""
    """A command that is never answered."""
    certificate: Path | None = None
    accepted: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    hanging: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def hang(self) -> None:
        """Keep the client waiting until the test is over."""
        self.hanging.set()
        self.release.wait(60)


class _Session(socketserver.StreamRequestHandler):
    secure: ssl.SSLSocket | None = None

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        try:
            self._talk(self.server.post)  # type: ignore[attr-defined]
        except (OSError, ValueError):
            return  # the client was killed
        finally:
            if self.secure is not None:
                self.secure.close()

    def _talk(self, post: Post) -> None:
        self.say("220 test")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            post.commands.append(verb)
            if verb == post.hang_at:
                post.hang()
                return
            if verb == "EHLO":
                offers = ["test", "SIZE 50000000", "AUTH PLAIN"] + (["STARTTLS"] if post.certificate else [])
                for offer in offers[:-1]:
                    self.say(f"250-{offer}")
                self.say(f"250 {offers[-1]}")
            elif verb == "STARTTLS" and post.certificate:
                self.say("220 go on")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(post.certificate)
                self.secure = context.wrap_socket(self.request, server_side=True)
                self.rfile.close()
                self.rfile, self.wfile = self.secure.makefile("rb"), self.secure.makefile("wb", buffering=0)
            elif verb == "RCPT":
                address = line.split("<")[1].split(">")[0]
                if address in post.refused:
                    self.say(f"{post.refused[address]} <{address}>")
                else:
                    to.append(address)
                    self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if not self._content(post, to):
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("235 ok" if verb == "AUTH" else "250 ok")

    def _content(self, post: Post, to: list[str]) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        if post.ending == "hang":
            post.hang()
            return False
        if post.ending == "break":
            return False
        if post.ending == "refuse":
            self.say("554 no room for <ai.do@tinh.example>")
            return True
        made = message_from_bytes(b"".join(lines), policy=default)
        post.accepted.append((list(to), made))  # type: ignore[arg-type]
        self.say("250 taken")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def running() -> Iterator[Post]:
    """A server for as long as this lasts."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        post = Post(port=server.server_address[1])
        server.post = post  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield post
        finally:
            post.release.set()
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
