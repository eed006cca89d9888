/** A ticket as a source sends it over the wire; the case that everyone in the district quotes. */
export function ticketIn(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    source: 'grid',
    category: 'nonMotorParking',
    title: '荷韵花园单车乱停乱放',
    location: { gridId: 'heyun-03' },
    ...overrides,
  };
}
