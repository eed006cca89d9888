import { formatInstant } from '../../protocol/instants.ts';
import type { LocalTime } from '../localTime.ts';

/** Epoch ms → ISO 8601 with the deployment's offset. */
export type WireInstant = (at: number) => string;

export function createWireInstant({ offsetMinutes }: Pick<LocalTime, 'offsetMinutes'>): WireInstant {
  return (at) => formatInstant(at, offsetMinutes);
}
