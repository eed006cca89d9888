import { WebSocket } from 'ws';
import { answerRequests } from './worker.ts';

/**
 * Many walls, as cheap as they can be: Socket.IO's packets by hand over bare websockets, nothing of what arrives is
 * parsed beyond its first characters.
 */
interface Walls {
  readonly sockets: WebSocket[];
  readonly received: { messages: number; bytes: number };
}
let walls: Walls = { sockets: [], received: { messages: 0, bytes: 0 } };

function count(bytes: Buffer): void {
  walls.received.messages += 1;
  walls.received.bytes += bytes.length;
}

answerRequests({
  /** Walls of the product: each subscribes from where the server stands, so that no snapshot is asked for, and follows. */
  async follow(options: { port: number; token: string; count: number; epoch: string; seq: number }) {
    const { port, token, count: wanted, epoch, seq } = options;
    const subscribe = `42/wall,0${JSON.stringify(['board:subscribe', { protocol: 1, epoch, seq }])}`;
    walls = { sockets: [], received: { messages: 0, bytes: 0 } };
    for (let i = 0; i < wanted; i += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
      walls.sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject);
        socket.on('message', (data: Buffer) => {
          const head = data.toString('latin1', 0, 8);
          if (head.startsWith('0')) socket.send(`40/wall,${JSON.stringify({ token })}`);
          else if (head === '2') socket.send('3');
          else if (head.startsWith('40')) socket.send(subscribe);
          else if (head.startsWith('43')) resolve();
          else if (head.startsWith('44')) reject(new Error(data.toString('utf8', 0, 200)));
          else count(data);
        });
      });
    }
  },
  /** Walls of the twin. */
  async listen({ port, count: wanted }: { port: number; count: number }) {
    walls = { sockets: [], received: { messages: 0, bytes: 0 } };
    for (let i = 0; i < wanted; i += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
      walls.sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.on('error', reject);
        socket.on('open', () => resolve());
        socket.on('message', count);
      });
    }
  },
  received: () => walls.received,
  leave() {
    for (const socket of walls.sockets) socket.terminate();
    walls = { sockets: [], received: { messages: 0, bytes: 0 } };
  },
});
