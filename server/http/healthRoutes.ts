import { z } from 'zod';
import type { Metrics } from '../metrics.ts';
import { type Route, route } from './route.ts';

/** Why the server does not take traffic now; none: it does. */
export type NotReady = () => readonly string[];

export function healthRoutes(parts: { readonly notReady: NotReady; readonly metrics: Metrics }): Route[] {
  const { notReady, metrics } = parts;
  const readiness = z.strictObject({ ready: z.boolean(), reasons: z.array(z.string()) });

  return [
    route({
      method: 'get',
      path: '/healthz',
      operation: 'getLiveness',
      summary: 'Whether the process answers at all.',
      who: 'host',
      answers: { 200: { description: 'It does', schema: z.strictObject({ alive: z.literal(true) }) } },
      handle: () => ({ status: 200, body: { alive: true } }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      operation: 'getReadiness',
      summary: 'Whether traffic is taken.',
      who: 'host',
      answers: {
        200: { description: 'It is', schema: readiness },
        503: { description: 'It is not, for these reasons', schema: readiness },
      },
      handle: () => {
        const reasons = notReady();
        return { status: reasons.length === 0 ? 200 : 503, body: { ready: reasons.length === 0, reasons } };
      },
    }),
    route({
      method: 'get',
      path: '/metrics',
      operation: 'getMetrics',
      summary: 'Figures in the text format of Prometheus.',
      who: 'host',
      answers: { 200: { description: 'The figures', mediaType: 'text/plain' } },
      handle: async () => ({
        status: 200,
        headers: { 'Content-Type': metrics.contentType },
        body: await metrics.text(),
      }),
    }),
  ];
}
