import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { usageHandlers } from './usage.ts';
import { answerRequests } from './worker.ts';

/**
 * The anchor: bare http and ws, nothing checked, nothing kept. A posted text goes out to every socket as it is, one
 * message each; the page holds one text node.
 */
const PAGE = `<!doctype html><meta charset="utf-8"><title>anchor</title><p id="text">waiting</p><script>
const text = document.getElementById('text').firstChild;
const socket = new WebSocket('ws://' + location.host + '/');
socket.onmessage = ({ data }) => {
  text.data = JSON.parse(data).id;
};
</script>`;

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(PAGE);
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const text = JSON.stringify(JSON.parse(Buffer.concat(parts).toString('utf8')));
    for (const socket of sockets.clients) socket.send(text);
    response.statusCode = 201;
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(text);
  });
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket) => socket.send(JSON.stringify({ id: 'first data' })));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

answerRequests({
  ...usageHandlers,
  where: () => ({ port: (server.address() as AddressInfo).port }),
  /** Each event to each socket as a message of its own, `perSecond` events for so long; how many were sent. */
  async send({ event, perSecond, seconds }: { event: unknown; perSecond: number; seconds: number }) {
    const startedAt = performance.now();
    let sent = 0;
    while (performance.now() - startedAt < seconds * 1000) {
      const due = Math.min(((performance.now() - startedAt) / 1000) * perSecond, seconds * perSecond);
      for (; sent < due; sent += 1) {
        const text = JSON.stringify(event);
        for (const socket of sockets.clients) socket.send(text);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return sent;
  },
});
