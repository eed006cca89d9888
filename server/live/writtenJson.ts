import * as socketIo from 'socket.io-parser';

/** A value that is JSON text already: sent as it stands, without being read or written again. */
export class WrittenJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** For whoever does not know it, Socket.IO's own encoder for one: the same on the wire, only slower. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/**
 * Socket.IO's encoder, but for messages and acknowledgements by a `WrittenJson`: its own would walk the whole board twice
 * for each wall, once in search of bytes and once to write it, and stop the event loop for that long.
 */
class Encoder extends socketIo.Encoder {
  override encode(packet: socketIo.Packet): ReturnType<socketIo.Encoder['encode']> {
    const { type, nsp, id = '', data } = packet;
    const values: readonly unknown[] = Array.isArray(data) ? data : [];
    const value = values.at(-1);
    if (!(value instanceof WrittenJson)) return super.encode(packet);
    const before = values.slice(0, -1).map((one) => `${JSON.stringify(one)},`);
    return [`${type}${nsp === '/' ? '' : `${nsp},`}${id}[${before.join('')}${value.text}]`];
  }
}

/** For Socket.IO's `parser` option. Clients need none of it. */
export const writtenJsonParser = { ...socketIo, Encoder };
