import * as z from 'zod/mini';
import { HEADERS, PANELS, type Scene, type ScreenGrid, type Slot, type SlotArea, type Track } from '../domain/scene.ts';
import { DOMAINS } from '../domain/ticket.ts';

/** How a scene stands in its file, in a deployment and on the wire: unknown fields are refused, they would be a misspelt wish. */

const position = z.int().check(z.minimum(1), z.maximum(48));
const units = z.number().check(z.minimum(0), z.maximum(4000));
const name = z.strictObject({
  zh: z.string().check(z.minLength(1)),
  en: z.exactOptional(z.string().check(z.minLength(1))),
});

const track = z.union([
  units.check(z.minimum(1)),
  z.custom<Track>(
    (value) => typeof value === 'string' && /^\d+(\.\d+)?fr$/.test(value),
    'must be design units or a share such as 1fr',
  ),
]) satisfies z.ZodMiniType<Track>;

const area = z.strictObject({
  column: position,
  row: position,
  columnSpan: z.exactOptional(position),
  rowSpan: z.exactOptional(position),
}) satisfies z.ZodMiniType<SlotArea>;

const slot = z.strictObject({
  panel: z.enum(PANELS),
  area,
  duringFlood: z.exactOptional(z.nullable(area)),
  options: z.exactOptional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))),
}) satisfies z.ZodMiniType<Slot>;

const gap = z.union([units, z.array(units)]);
const screen = z.strictObject({
  header: z.enum(HEADERS),
  columns: z.array(track).check(z.minLength(1)),
  rows: z.array(track).check(z.minLength(1)),
  columnGap: z.exactOptional(gap),
  rowGap: z.exactOptional(gap),
  slots: z.array(slot).check(z.minLength(1)),
}) satisfies z.ZodMiniType<ScreenGrid>;

const layout = z.strictObject({ screens: z.array(screen).check(z.minLength(1), z.maxLength(8)) });

export const sceneSchema = z.strictObject({
  id: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be lower-case letters, digits and hyphens')),
  title: name,
  domain: z.exactOptional(z.enum(DOMAINS)),
  layouts: z.strictObject({
    std: layout,
    wide3: z.exactOptional(layout),
    ultra: z.exactOptional(layout),
  }),
}) satisfies z.ZodMiniType<Scene>;
