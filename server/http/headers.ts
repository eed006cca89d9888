import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** What nobody needs over plain HTTP, which is what most halls have: browsers heed these over TLS only and complain otherwise. */
const NOT_OVER_PLAIN_HTTP = {
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
} as const;

/** For data: not to be shown as a page, run as a script or framed, whatever a browser makes of it. */
export const dataHeaders: RequestHandler = helmet({
  ...NOT_OVER_PLAIN_HTTP,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
  },
  xFrameOptions: { action: 'deny' },
});

/** For pages: nothing from outside, no inline script. Inline styles are for React, ECharts and Swagger UI. */
export const pageHeaders: RequestHandler = helmet({
  ...NOT_OVER_PLAIN_HTTP,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
});

const HSTS_SECONDS = 365 * 24 * 3600;
const keepToTls = helmet.strictTransportSecurity({ maxAge: HSTS_SECONDS, includeSubDomains: false });

/** Whoever reached this server over TLS once is told to stay with it; over plain HTTP the word would not count. */
export const insistOnTls: RequestHandler = (request, response, next) => {
  if (request.secure) keepToTls(request, response, next);
  else next();
};
