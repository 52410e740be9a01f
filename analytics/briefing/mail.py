"""One e-mail handed to a server, and what became of it for each address: accepted, refused, or not known.

Not known is the one moment between the last byte sent and the server's answer: the mail may have been accepted.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from typing import Literal

from data_sources.settings import SmtpSettings

Outcome = Literal["accepted", "refused", "uncertain"]
LINE_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")
LOCAL_PART = re.compile(r"[^\s<>@,;:]+@")
LONGEST_REASON = 200
OK, GO_ON = 250, 354
MEDIA = {
    "pdf": ("application", "pdf"),
    "pptx": ("application", "vnd.openxmlformats-officedocument.presentationml.presentation"),
    "xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("text", "csv"),
}
"""By the ending of a file's name."""


@dataclass(frozen=True)
class Letter:
    """A mail before it is sent."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[tuple[str, bytes], ...]
    written_at: datetime
    key: str
    """The same for every attempt at the same mail, so that a server or a mailbox can tell a second one."""

    def as_bytes(self) -> bytes:
        """The mail as it goes over the line."""
        made = MIMEMultipart()
        made["From"], made["To"] = self.sender, ", ".join(self.recipients)
        # The newer EmailMessage drops spaces where it folds an encoded subject.
        made["Subject"] = Header(self.subject, "utf-8", header_name="Subject").encode()
        made["Date"] = format_datetime(self.written_at)
        made["Message-ID"] = f"<{self.key}@{domain(self.sender)}>"
        made["Auto-Submitted"] = "auto-generated"
        made.attach(MIMEText(self.body, "plain", "utf-8"))
        for name, content in self.attachments:
            main, sub = MEDIA[name.rpartition(".")[2]]
            part = MIMENonMultipart(main, sub, charset="utf-8") if main == "text" else MIMENonMultipart(main, sub)
            part.set_payload(content)
            encode_base64(part)
            part.add_header("Content-Disposition", "attachment", filename=name)
            made.attach(part)
        # The parts' border is drawn by chance otherwise; the same mail is the same bytes.
        made.set_boundary(f"={self.key}=")
        return made.as_bytes(policy=compat32.clone(linesep="\r\n"))


@dataclass(frozen=True)
class Answer:
    """What became of the mail for one address, and the server's or the system's reason without any address."""

    outcome: Outcome
    reason: str = ""


def domain(address: str) -> str:
    """All that may be told of an address."""
    return address.rpartition("@")[2]


def send(
    letter: Letter,
    to: Sequence[str],
    smtp: SmtpSettings,
    password: str | None,
    before_last: Callable[[Iterable[str]], None],
) -> dict[str, Answer]:
    """Hand the mail over for the addresses in `to`; an answer for each of them, whatever happens.

    `before_last` is told the addresses the server takes just before the byte that completes the mail.
    """
    answers: dict[str, Answer] = {}
    last_is_sent = False
    try:
        with _connected(smtp) as server:
            if smtp.user is not None:
                server.login(smtp.user, password or "")
            content = LINE_BEGINS_WITH_DOT.sub(b"..", letter.as_bytes())
            _expect(server.mail(letter.sender, [f"size={len(content)}"] if server.has_extn("size") else []), OK)
            for address in to:
                code, said = server.rcpt(address)
                if code not in (OK, 251):
                    answers[address] = Answer("refused", _reason(code, said))
            taken = [address for address in to if address not in answers]
            if not taken:
                return answers
            _expect(server.docmd("DATA"), GO_ON)
            server.send(content if content.endswith(b"\r\n") else content + b"\r\n")
            before_last(taken)
            last_is_sent = True
            server.send(b".\r\n")
            code, said = server.getreply()
            outcome = Answer("accepted") if code == OK else Answer("refused", _reason(code, said))
            answers |= dict.fromkeys(taken, outcome)
    except (OSError, smtplib.SMTPException) as error:
        # Also raised by the farewell after an answer, which changes nothing any more.
        failed = Answer("uncertain" if last_is_sent else "refused", _reason_of(error))
        answers |= {address: failed for address in to if address not in answers}
    return answers


def _connected(smtp: SmtpSettings) -> smtplib.SMTP:
    if smtp.security == "tls":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=smtp.timeout_seconds, context=secure)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout_seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if smtp.security == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
    except BaseException:
        server.close()
        raise
    return server


def _expect(answer: tuple[int, bytes], wanted: int) -> None:
    if answer[0] != wanted:
        raise smtplib.SMTPResponseException(*answer)


def _reason(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return _without_addresses(f"{code} {words}")


def _reason_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reason(error.smtp_code, error.smtp_error)
    return _without_addresses(f"{type(error).__name__}: {error}")


def _without_addresses(words: str) -> str:
    return LOCAL_PART.sub("...@", " ".join(words.split()))[:LONGEST_REASON]
