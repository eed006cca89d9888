import { DateTime, IANAZone } from 'luxon';

/** Local days and offsets of one time zone. All instants are epoch ms. */
export interface LocalTime {
  /** Minutes east of UTC, whole (zones counted in seconds before standard time are rounded). */
  offsetMinutes(at: number): number;
  /** Local midnight of the day that holds `at`, or of the day `days` later (earlier if negative). */
  dayStart(at: number, days?: number): number;
  /** Local midnight of the first of the month that holds `at`, or of the month `months` later (earlier if negative). */
  monthStart(at: number, months?: number): number;
  /** `yyMMdd` of the local day. */
  dayCode(at: number): string;
  /** `yyyy-MM` of the local month. */
  monthCode(at: number): string;
}

/** No zone has ever changed its offset between two quarter hours. */
const QUARTER_HOUR_MS = 15 * 60_000;
const MAX_CACHED_QUARTERS = 20_000;

/** `1/1/2004, GMT+08:00`; Greenwich itself is `GMT`, and old local times may have seconds. */
const LONG_OFFSET = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Minutes east of UTC at an instant, asked of the runtime by a text: a tenth of what taking a date apart costs. */
export function zoneOffset(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (at) => {
    const written = format.format(at);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = LONG_OFFSET.exec(written) ?? [];
    if (sign === undefined && !written.endsWith('GMT')) throw new Error(`${timeZone} wrote its offset as ${written}`);
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes) + Number(seconds) / 60);
  };
}

export function createLocalTime(timeZone: string): LocalTime {
  const zone = IANAZone.create(timeZone);
  if (!zone.isValid) throw new Error(`unknown time zone ${timeZone}`);
  const offsetAt = zoneOffset(timeZone);
  const offsets = new Map<number, number>();
  /** Of each quarter hour, as no day begins within one. */
  const dayCodes = new Map<number, string>();

  function offsetMinutes(at: number): number {
    const quarter = Math.floor(at / QUARTER_HOUR_MS);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size >= MAX_CACHED_QUARTERS) offsets.clear();
      offset = Math.round(offsetAt(quarter * QUARTER_HOUR_MS));
      offsets.set(quarter, offset);
    }
    return offset;
  }

  /** A date whose UTC fields are the local ones. */
  function localFields(at: number): Date {
    return new Date(at + offsetMinutes(at) * 60_000);
  }

  return {
    offsetMinutes,
    dayStart: (at, days = 0) => DateTime.fromMillis(at, { zone }).plus({ days }).startOf('day').toMillis(),
    monthStart: (at, months = 0) =>
      DateTime.fromMillis(at, { zone }).startOf('month').plus({ months }).startOf('day').toMillis(),
    dayCode(at) {
      const quarter = Math.floor(at / QUARTER_HOUR_MS);
      let code = dayCodes.get(quarter);
      if (code === undefined) {
        if (dayCodes.size >= MAX_CACHED_QUARTERS) dayCodes.clear();
        const local = localFields(at);
        code = [local.getUTCFullYear() % 100, local.getUTCMonth() + 1, local.getUTCDate()]
          .map((part) => String(Math.abs(part)).padStart(2, '0'))
          .join('');
        dayCodes.set(quarter, code);
      }
      return code;
    },
    monthCode(at) {
      const local = localFields(at);
      return `${String(local.getUTCFullYear()).padStart(4, '0')}-${String(local.getUTCMonth() + 1).padStart(2, '0')}`;
    },
  };
}
