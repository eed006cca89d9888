/** Usernames are compared without case and width. */
export function foldedUsername(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}
