import { generate } from 'selfsigned';
import type { Tls } from '../../server/http/httpServer.ts';

/** A certificate for this machine, signed by itself, good for a day. */
export async function ownCertificate(): Promise<Tls> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + 24 * 3600_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { certificate: Buffer.from(cert), key: Buffer.from(key) };
}
