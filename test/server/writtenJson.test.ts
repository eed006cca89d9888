import * as socketIo from 'socket.io-parser';
import { expect, test } from 'vitest';
import { WrittenJson, writtenJsonParser } from '../../server/live/writtenJson.ts';

const board = { ok: true, board: { tickets: [{ id: 'T-1', title: '荷韵花园 "3" 号\u2028楼' }] } };

function received(packet: socketIo.Packet): socketIo.Packet {
  const encoded = new writtenJsonParser.Encoder().encode(packet);
  expect(encoded).toHaveLength(1);
  let decoded: socketIo.Packet | undefined;
  const decoder = new socketIo.Decoder();
  decoder.on('decoded', (one: socketIo.Packet) => {
    decoded = one;
  });
  decoder.add(encoded[0]);
  return decoded as socketIo.Packet;
}

test.each(['/wall', '/'])('an answer that is written already arrives in %s as the value it was written from', (nsp) => {
  const packet = { type: socketIo.PacketType.ACK, nsp, id: 12 };
  const written = received({ ...packet, data: [new WrittenJson(JSON.stringify(board))] });
  expect(written).toEqual(received({ ...packet, data: [board] }));
  expect(written).toMatchObject({ ...packet, data: [board] });
});

test('an encoder that does not know it sends the same', () => {
  const packet = { type: socketIo.PacketType.ACK, nsp: '/wall', id: 0 };
  const written = { ...packet, data: [new WrittenJson(JSON.stringify(board))] };
  expect(new socketIo.Encoder().encode(written)).toEqual(new writtenJsonParser.Encoder().encode(written));
});

test('everything else is left to Socket.IO, bytes too', () => {
  for (const data of [
    ['board:events', { seq: 1 }],
    ['file', Buffer.from('x')],
  ]) {
    const packet = { type: socketIo.PacketType.EVENT, nsp: '/wall', data };
    expect(new writtenJsonParser.Encoder().encode(packet)).toEqual(new socketIo.Encoder().encode(packet));
  }
});
