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

/** Nothing from outside, no script in the page. */
function headersOfPages(styleSrc: readonly string[]): RequestHandler {
  return helmet({
    ...NOT_OVER_PLAIN_HTTP,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc,
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
}

/** For the wall and the desk. What scripts set on an element's style is no inline style to a browser. */
export const pageHeaders: RequestHandler = headersOfPages(["'self'"]);

/** For Swagger UI, which writes style attributes. */
export const docsHeaders: RequestHandler = headersOfPages(["'self'", "'unsafe-inline'"]);

const HSTS_SECONDS = 365 * 24 * 3600;
const keepToTls = helmet.strictTransportSecurity({ maxAge: HSTS_SECONDS, includeSubDomains: false });

/** Whoever reached this server over TLS once is told to stay with it; over plain HTTP the word would not count. */
export const insistOnTls: RequestHandler = (request, response, next) => {
  if (request.secure) keepToTls(request, response, next);
  else next();
};
