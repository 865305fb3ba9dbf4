"""A server of the `websockets` library that greets as Socket.IO does, and sends ready texts.

    python -m benchmarks.plain_websockets each|all BYTES

It prints its port, and sends a round with SIGUSR1: to each a text of its own by `send()`, or one
text to all by `broadcast()`.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve


def text_of(version: int, size: int, number: int) -> str:
    """A view of about so many bytes."""
    filler = "x" * max(1, size - 90)
    return f'42["ticket",{{"version":{version},"now":"2027-04-25","n":{number},"f":"{filler}"}}]'


async def main(kind: str, size: int) -> None:
    """Serve until killed."""
    pages: list[ServerConnection] = []
    version = 0

    async def stay(page: ServerConnection) -> None:
        await page.send('0{"sid":"x"}')
        await page.recv()
        await page.send(text_of(0, size, len(pages)))
        pages.append(page)
        await page.wait_closed()

    async def each() -> None:
        for number, page in enumerate(pages):
            await page.send(texts[number])

    def round_of() -> None:
        nonlocal version
        version += 1
        if kind == "all":
            broadcast(pages, text_of(version, size, 0))
        else:
            running.append(asyncio.ensure_future(each()))

    texts = [text_of(1, size, number) for number in range(5000)]
    running: list[asyncio.Future[None]] = []
    async with serve(stay, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, round_of)
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        await asyncio.Future()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
