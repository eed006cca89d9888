import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire between wall and server that can be cut. */
export interface Wire {
  readonly port: number;
  /** Cuts what runs over it and refuses whatever comes, until `mend`. */
  cut(): void;
  mend(): void;
  close(): void;
}

export async function layWire(serverPort: number): Promise<Wire> {
  const open = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      whole = false;
      cut();
    },
    mend() {
      whole = true;
    },
    close() {
      server.close();
      cut();
    },
  };
}
