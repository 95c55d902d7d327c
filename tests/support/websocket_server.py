#!/usr/bin/python3
"""A WebSocket server that is not ours (python3-websockets), for tests: echoes, counts, and misbehaves when asked to.

    websocket_server.py COUNTS.json [--tls CERT KEY]

Prints "listening PORT". What it counted is written to COUNTS.json after each connection's end and at SIGTERM. By path:
/echo    every message comes back
/rude    every 10th is not answered, every 7th twice (of the connection's, from 1)
/stream  five chunks, then the final message
/drops   a final message with counters: "drops" of this connection, "all" of the service, "queue" a level
/quiet   says nothing
/abrupt  answers three messages, then ends TCP without a close frame
"""
import asyncio
import json
import signal
import ssl
import sys

import websockets

counts = {"connections": 0, "open": 0, "received": 0, "sent": 0, "unanswered": 0, "twice": 0, "pings": 0, "codes": {},
          "tokens": [], "subprotocols": []}
service_drops = 500
target = sys.argv[1]


def save():
    with open(target, "w") as file:
        json.dump(counts, file)


def note(what, value):
    if value not in counts[what]:
        counts[what].append(value)


async def send(socket, message):
    await socket.send(message)
    counts["sent"] += 1


async def answer(socket, path, message, number):
    global service_drops
    if path == "/quiet":
        return
    if path == "/rude" and number % 10 == 0:
        counts["unanswered"] += 1
        return
    if path == "/stream":
        for chunk in range(5):
            await send(socket, json.dumps({"type": "chunk", "n": chunk}))
        return await send(socket, json.dumps({"type": "final"}))
    if path == "/drops":
        service_drops += 1
        figures = {"drops": number // 2, "all": service_drops, "queue": number % 5}
        return await send(socket, json.dumps({"type": "final", "backpressure": figures}))
    await send(socket, message)
    if path == "/rude" and number % 7 == 0:
        counts["twice"] += 1
        await send(socket, message)
    if path == "/abrupt" and number == 3:
        socket.transport.close()


async def serve(socket):
    counts["connections"] += 1
    counts["open"] += 1
    note("tokens", socket.request_headers.get("X-Token", ""))
    note("subprotocols", socket.subprotocol)
    number = 0
    try:
        async for message in socket:
            number += 1
            counts["received"] += 1
            await answer(socket, socket.path, message, number)
    except websockets.ConnectionClosed:
        pass
    code = str(socket.close_code)
    counts["codes"][code] = counts["codes"].get(code, 0) + 1
    counts["open"] -= 1
    save()


class Counting(websockets.WebSocketServerProtocol):
    async def read_frame(self, max_size):
        frame = await super().read_frame(max_size)
        counts["pings"] += frame.opcode == 9
        return frame


async def main():
    context = None
    if "--tls" in sys.argv:
        at = sys.argv.index("--tls")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[at + 1], sys.argv[at + 2])
    stop = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set_result, None)
    async with websockets.serve(serve, "127.0.0.1", 0, ssl=context, create_protocol=Counting, ping_interval=None,
                                subprotocols=["chat.v1"], close_timeout=1) as server:
        print("listening", server.sockets[0].getsockname()[1], flush=True)
        await stop
    save()


asyncio.run(main())
