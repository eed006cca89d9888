/** Local times of day, `HH:mm`; over midnight where `until` is not later than `from`. */
export interface NightHours {
  readonly from: string;
  readonly until: string;
}

/** @param time the local time of day, `HH:mm` or `HH:mm:ss` */
export function isNight(time: string, { from, until }: NightHours): boolean {
  const now = time.slice(0, 5);
  return from < until ? now >= from && now < until : now >= from || now < until;
}

/** The hours that the page's address asks for, `?night=22:00-06:30`, as a kiosk's own configuration does; else undefined. */
export function nightInAddress(search: string): NightHours | undefined {
  const asked = new URLSearchParams(search).get('night') ?? '';
  const [, from, until] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(asked) ?? [];
  return from === undefined || until === undefined ? undefined : { from, until };
}
