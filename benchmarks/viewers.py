"""Many viewers over websockets, each asking for a rerun every two seconds; ours and an empty app in one run."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.measured import Figure, p95, resident_megabytes, spread
from benchmarks.serving import Served, demonstration, empty, product
from benchmarks.sizes import Sizes

EVERY_SECONDS = 2.0
MOST_P50_MS, MOST_P95_MS = 100.0, 250.0
MOST_MEGABYTES = 500.0
LARGEST_MESSAGE = 64 * 1024 * 1024


def run(sizes: Sizes, place: Path) -> Iterator[Figure]:
    """Milliseconds from asking for a rerun to the end of the script, over all viewers, and the server's memory."""
    data = demonstration(place)
    with empty(place) as served:
        reference = asyncio.run(watch(served, sizes))
    with product(data) as served:
        ours = asyncio.run(watch(served, sizes))
        memory = resident_megabytes(served.process, "VmRSS")
    against = {"against": "empty app", "reference": sorted(reference)[len(reference) // 2]}
    what = f"{sizes.viewers} viewers of the overview, a rerun each {EVERY_SECONDS:g} s ({len(ours)} reruns)"
    yield spread(what, ours, "ms", at_most=MOST_P50_MS, judged="value", **against)
    yield Figure(
        what="the same, 95th percentile", value=p95(ours), measured_in="ms", against="empty app",
        reference=p95(reference), at_most=MOST_P95_MS, judged="value",
    )  # fmt: skip
    yield Figure(what="memory of the server", value=memory, measured_in="MB", at_most=MOST_MEGABYTES, judged="value")


async def watch(served: Served, sizes: Sizes) -> list[float]:
    """Milliseconds of every rerun after the first of each viewer."""
    found = await asyncio.gather(*(view(served, sizes.viewer_seconds, number) for number in range(sizes.viewers)))
    return [taken for one in found for taken in one]


async def view(served: Served, seconds: int, number: int) -> list[float]:
    """One viewer's reruns; viewers begin spread over the interval, as people do."""
    taken = []
    generator = random.Random(number)
    await asyncio.sleep(generator.uniform(0, 2 * EVERY_SECONDS))
    address = f"ws://127.0.0.1:{served.port}/_stcore/stream"
    async with connect(
        address, subprotocols=["streamlit"], origin=f"http://127.0.0.1:{served.port}", max_size=LARGEST_MESSAGE,
        open_timeout=60, ping_interval=None,
    ) as socket:  # fmt: skip
        await rerun(socket)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            await asyncio.sleep(EVERY_SECONDS * generator.uniform(0.9, 1.1))
            begun = time.perf_counter()
            await rerun(socket)
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


async def rerun(socket: ClientConnection) -> None:
    """Ask for a rerun and wait until its script has finished."""
    message = BackMsg()
    message.rerun_script.query_string = ""
    await socket.send(message.SerializeToString())
    async for data in socket:
        answer = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
        if answer.WhichOneof("type") == "script_finished":
            return
    raise RuntimeError("the server closed the connection")
