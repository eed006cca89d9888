/** Roles of text on a wall, and the least angle at which the farthest seat must see each (visual specification §1). */
export const TEXT_ROLES = ['title', 'body', 'meta', 'digits', 'kpi'] as const;
export type TextRole = (typeof TEXT_ROLES)[number];

interface RoleRule {
  /** Least size of the role, in design units. */
  readonly units: number;
  readonly script: 'han' | 'digits';
  /** Arc-minutes. */
  readonly least: number;
}

export const ROLE_RULES: Readonly<Record<TextRole, RoleRule>> = {
  title: { units: 24, script: 'han', least: 27 },
  body: { units: 22, script: 'han', least: 25 },
  meta: { units: 18, script: 'han', least: 20 },
  digits: { units: 18, script: 'digits', least: 16 },
  kpi: { units: 56, script: 'digits', least: 49 },
};

/** What part of its font size a glyph is high: Noto Sans SC face by em, Barlow cap by em (measured). */
const GLYPH_SHARE = { han: 0.9, digits: 0.7 } as const;
/** Arc-minutes of a radian. */
const RADIAN_ARC_MINUTES = 3438;
/** `u ≥ D / (2700 · p)` satisfies every role; the digits of 18 units bind. */
const SEAT_RULE = 2700;
/** Steps in which a unit that a seat asks for is rounded up. */
export const UNIT_STEP = 0.05;

/** The angle, in arc-minutes, at which a seat sees a text of this size: `α = 3438 · px · p · k / D`. */
export function arcMinutes(input: {
  readonly units: number;
  readonly script: 'han' | 'digits';
  /** Pixels of a design unit. */
  readonly unit: number;
  readonly pitchMm: number;
  readonly seatMm: number;
}): number {
  const { units, script, unit, pitchMm, seatMm } = input;
  return (RADIAN_ARC_MINUTES * units * unit * pitchMm * GLYPH_SHARE[script]) / seatMm;
}

/** The farthest seat, in mm, that reads every text at this unit: `D = 2700 · p · u`. */
export function farthestSeat(unit: number, pitchMm: number): number {
  return SEAT_RULE * pitchMm * unit;
}

/** The least unit, in pixels, at which a seat reads every text, rounded up. */
export function unitForSeat(seatMm: number, pitchMm: number): number {
  return Math.ceil(seatMm / (SEAT_RULE * pitchMm) / UNIT_STEP - 1e-9) * UNIT_STEP;
}

/** Pitch in mm of a screen whose diagonal is given in inches. */
export function pitchOf(diagonalInches: number, widthPixels: number, heightPixels: number): number {
  return (diagonalInches * 25.4) / Math.hypot(widthPixels, heightPixels);
}

/** Which roles a seat cannot read at a unit, and at what angle it sees them. */
export function unreadableRoles(
  roles: readonly TextRole[],
  place: { readonly unit: number; readonly pitchMm: number; readonly seatMm: number },
): readonly { readonly role: TextRole; readonly arcMinutes: number; readonly least: number }[] {
  return roles.flatMap((role) => {
    const { units, script, least } = ROLE_RULES[role];
    const seen = arcMinutes({ units, script, ...place });
    // Where the rule itself is broken the binding role is named, though it be by a hundredth.
    const binds = role === 'digits' && place.seatMm > farthestSeat(place.unit, place.pitchMm) + 1e-6;
    return seen < least - 1e-9 || binds ? [{ role, arcMinutes: seen, least }] : [];
  });
}
