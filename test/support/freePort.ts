import { createServer } from 'node:net';

/** Below the ports that outgoing connections take: a server that is started again must find its port free. */
export async function freePort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 9_000); port < 32_000; port += 1) {
    const probe = createServer();
    const free = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
  throw new Error('no port is free');
}
