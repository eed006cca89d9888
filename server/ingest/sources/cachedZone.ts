import { IANAZone, Zone } from 'luxon';

/** No zone has ever changed its offset between two quarter hours. */
const QUARTER_HOUR_MS = 15 * 60_000;

/**
 * A time zone that remembers its offsets. Asking Intl for one takes most of the time of reading a table, and the rows
 * of a table lie close together.
 */
export class CachedZone extends Zone {
  private readonly zone: IANAZone;
  private readonly offsets = new Map<number, number>();

  constructor(name: string) {
    super();
    this.zone = IANAZone.create(name);
  }

  override get type(): string {
    return this.zone.type;
  }

  override get name(): string {
    return this.zone.name;
  }

  override get isUniversal(): boolean {
    return false;
  }

  override get isValid(): boolean {
    return this.zone.isValid;
  }

  override offsetName(...args: Parameters<Zone['offsetName']>): string | null {
    return this.zone.offsetName(...args);
  }

  override formatOffset(...args: Parameters<Zone['formatOffset']>): string {
    return this.zone.formatOffset(...args);
  }

  override offset(at: number): number {
    const quarter = Math.floor(at / QUARTER_HOUR_MS);
    let offset = this.offsets.get(quarter);
    if (offset === undefined) {
      offset = this.zone.offset(at);
      this.offsets.set(quarter, offset);
    }
    return offset;
  }

  override equals(other: Zone): boolean {
    return other instanceof CachedZone ? this.zone.equals(other.zone) : this.zone.equals(other);
  }
}
