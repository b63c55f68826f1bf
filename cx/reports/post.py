"""The post: a letter with files, and the SMTP server it is handed to."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from cx.errors import CxError, SettingError
from cx.records.values import EMAIL
from cx.settings import settings

SECONDS = 30
LOOPBACK = ("localhost", "127.0.0.1", "::1")
MISSING = "Nothing can be mailed: CX_SMTP_URL is not set; set it to your mail server, such as smtp://user:password@mail.example.com:587, and CX_MAIL_FROM to the sender."


class PostError(CxError):
    """The mail server did not take the letter."""


class AddressError(PostError):
    """The mail server works, but took none of the addresses."""


@dataclass(frozen=True)
class Attachment:
    """A file in a letter."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """What is sent. Line ends in the subject and in further `headers` become blanks, so that no header can be smuggled in."""

    to: tuple[str, ...]
    subject: str
    text: str
    files: tuple[Attachment, ...] = ()
    html: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Post(Protocol):
    """Whatever delivers letters."""

    def send(self, letter: Letter) -> tuple[str, ...]:
        """Hand a letter over; returns the addresses that were refused. Raises PostError where none was taken."""
        ...


@dataclass(frozen=True)
class Smtp:
    """An SMTP server. `secure` speaks TLS from the first byte; otherwise the connection is upgraded where the server can.

    A password is never sent in the clear, except to this very machine.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    secure: bool = False

    def send(self, letter: Letter) -> tuple[str, ...]:
        """Hand a letter over; returns the addresses that were refused. Raises PostError where none was taken."""
        wrong = [address for address in letter.to if not EMAIL.fullmatch(address)]
        if wrong or not letter.to:
            raise PostError(f"A letter needs recipients with an e-mail address; found {wrong[0] if wrong else 'none'!r}; correct it.")
        message = self._message(letter)
        try:
            with self._connected() as server:
                refused = server.send_message(message, from_addr=self.sender, to_addrs=list(letter.to))
        except smtplib.SMTPRecipientsRefused as error:
            raise AddressError(f"The mail server refused every recipient: {_said(next(iter(error.recipients.values()))[1])}") from None
        except smtplib.SMTPAuthenticationError as error:
            raise PostError(
                f"The mail server {self.host} refuses the user {self.user!r} with this password ({self._answer(error)}); "
                "correct user and password in CX_SMTP_URL, special characters percent-encoded, and send again."
            ) from None
        except smtplib.SMTPNotSupportedError as error:
            raise PostError(f"The mail server {self.host} cannot do what is asked of it ({error}); leave user and password out of CX_SMTP_URL or name another server.") from None
        except smtplib.SMTPResponseException as error:
            if error.smtp_code == 530 and not self.user:
                raise PostError(
                    f"The mail server {self.host} asks for a user and a password ({self._answer(error)}); put them into CX_SMTP_URL, as in smtp://user:password@{self.host}, and send again."
                ) from None
            raise PostError(f"The mail server {self.host} refused the letter: {self._answer(error)}.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise PostError(f"The mail server {self.host}:{self.port} cannot be reached or broke off: {error}.") from None
        return tuple(refused)

    def _answer(self, error: smtplib.SMTPResponseException) -> str:
        """What the server said, without the password should it repeat it."""
        text = f"{error.smtp_code} {_said(error.smtp_error)}".rstrip(". ")
        return text.replace(self.password, "…") if self.password else text

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            server.ehlo()
            if not self.secure and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif not self.secure and self.user and self.host not in LOOPBACK:
                raise PostError(f"The mail server {self.host} offers no encryption, and a password is not sent in the clear; use smtps:// or another server.")
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = ", ".join(letter.to)
        message["Subject"] = " ".join(letter.subject.split())[:200] or "Report"
        message["Date"] = formatdate(localtime=False)
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2] or "localhost")
        message["Auto-Submitted"] = "auto-generated"
        for name, value in letter.headers:
            message[name] = " ".join(value.split())
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        for file in letter.files:
            kind, _, sub = file.mime.partition("/")
            message.add_attachment(file.data, maintype=kind, subtype=sub, filename=file.name)
        return message


def _said(answer: object) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return " ".join(text.split())[:200]


def office() -> Smtp:
    """The mail server of the settings. Raises SettingError with one sentence where it is not set or cannot be used.

    `CX_SMTP_URL` is `smtp://` (upgraded to TLS where the server can) or `smtps://` (TLS from the start), with user and
    password percent-encoded; `CX_MAIL_FROM` is the sender, without which the user is.
    """
    now = settings()
    if not now.smtp_url:
        raise SettingError(MISSING)
    try:
        parts = urlsplit(now.smtp_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise SettingError("CX_SMTP_URL must be smtp://host or smtps://host, with user:password@ in front where the server asks for them", "it cannot be read", "correct it")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = now.mail_from or user
    if not EMAIL.fullmatch(sender):
        raise SettingError("CX_MAIL_FROM must be the e-mail address that mail comes from", f"it is {sender!r}" if sender else "it is not set", "set it")
    secure = parts.scheme == "smtps"
    return Smtp(host, port or (465 if secure else 587 if user else 25), sender, user, password, secure)
