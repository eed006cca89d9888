import type { RequestHandler } from 'express';
import { KIOSK_ORIGIN } from './authentication.ts';

/** The kiosk's page comes from disk, so its browser asks before it lets it pair; no other page may. */
export const allowKioskPairing: RequestHandler = (request, response, next) => {
  response.vary('Origin');
  if (request.headers.origin !== KIOSK_ORIGIN) {
    next();
    return;
  }
  response.setHeader('Access-Control-Allow-Origin', KIOSK_ORIGIN);
  if (request.method !== 'OPTIONS') {
    next();
    return;
  }
  response
    .set({
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type',
      'Access-Control-Max-Age': '600',
    })
    .status(204)
    .end();
};
