import type { LocalTime } from '../localTime.ts';

/** Epoch ms → ISO 8601 with the deployment's offset; milliseconds only where there are any. */
export type WireInstant = (at: number) => string;

export function createWireInstant(localTime: Pick<LocalTime, 'offsetMinutes'>): WireInstant {
  return (at) => {
    const offset = localTime.offsetMinutes(at);
    const local = new Date(at + offset * 60_000).toISOString();
    const hours = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
    const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
    return `${local.slice(0, 19)}${at % 1000 === 0 ? '' : local.slice(19, 23)}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
  };
}
