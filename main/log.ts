/** One line each, UTC, for whoever keeps the kiosk's output; nobody reads it on the wall. */
export function log(message: string): void {
  process.stdout.write(line(message));
}

/** As `log`, on the error stream: what somebody should do something about. */
export function complain(message: string): void {
  process.stderr.write(line(message));
}

function line(message: string): string {
  return `${new Date().toISOString()} kiosk: ${message.replaceAll(/\s*[\r\n]+\s*/g, ' | ')}\n`;
}
