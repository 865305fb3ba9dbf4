"""The installation's secret: one file next to the database, made on first start."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from tentqueue.storage.errors import StorageError

_LENGTH = 32


class Keys:
    """Keys for each purpose, derived from the one secret; none can stand in for another."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derive(self, purpose: str, *parts: str) -> bytes:
        """32 bytes for a purpose and whatever it is about, such as ("runner", ticket_id)."""
        text = "\0".join((purpose, *parts)).encode()
        return hmac.digest(self._secret, text, "sha256")

    def bib_tag(self, event: str, bib: str) -> bytes:
        """What a bib is looked up by, worth nothing without the secret."""
        return self.derive("bib", event, bib)

    def erased_mark(self, event: str, bib: str) -> bytes:
        """What stays of a bib whose runner asked to be erased; no tag or key leads to it."""
        return self.derive("erased", event, bib.casefold())


def load_keys(database: Path) -> Keys:
    """The secret next to the database, made with mode 0600 if it is not there.

    Raises: StorageError if the file is damaged (a new one would sign every runner out).
    """
    path = _beside(database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _write(path, secrets.token_bytes(_LENGTH))
    return Keys(secret_of(database))


def secret_of(database: Path) -> bytes:
    """The secret itself, for a backup. Raises: StorageError if its file is damaged or gone."""
    path = _beside(database)
    try:
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except (ValueError, FileNotFoundError):
        secret = b""
    if len(secret) != _LENGTH:
        raise StorageError(f"{path} is damaged: put the backup of it back")
    return secret


def adopt_secret(database: Path, secret: bytes) -> None:
    """Takes a backup's secret over, in the place of one that signed nothing yet."""
    path = _beside(database)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(_draft(path, secret), path)


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ".keys")


def _write(path: Path, secret: bytes) -> None:
    draft = _draft(path, secret)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process made it in the meantime, and its secret is in use
    finally:
        os.unlink(draft)


def _draft(path: Path, secret: bytes) -> Path:
    """Writes a secret under another name first, so that no reader sees half of one."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
