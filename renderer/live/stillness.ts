/** `?motion=reduce` asks for a wall that stands still, as the kiosk's `--motion` does; so may the viewer's own machine. */
export function wantsStillness(search: string, prefersLessMotion: boolean): boolean {
  return prefersLessMotion || new URLSearchParams(search).get('motion') === 'reduce';
}
