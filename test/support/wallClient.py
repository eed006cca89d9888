"""A wall in another language: subscribes and prints each event as one line of JSON."""

import json
import sys

import socketio

url, token = sys.argv[1:3]
client = socketio.Client(reconnection=False)


def tell(event, data):
    print(json.dumps({"event": event, "data": data}), flush=True)


@client.on("connect", namespace="/wall")
def subscribe():
    client.emit(
        "board:subscribe",
        {"protocol": 1},
        namespace="/wall",
        callback=lambda answer: tell("subscribed", answer),
    )


@client.on("connect_error", namespace="/wall")
def refuse(reason):
    tell("refused", reason)


for name in ("board:events", "board:pulse"):
    client.on(name, lambda data, name=name: tell(name, data), namespace="/wall")

try:
    client.connect(
        url,
        auth={"token": token} if token else None,
        namespaces=["/wall"],
        transports=["websocket"],
    )
    client.wait()
except socketio.exceptions.ConnectionError as error:
    tell("refused", str(error))
