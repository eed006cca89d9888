/** How often to look; nobody waits for it. */
const lookEveryMs = 500;

/**
 * Calls back once when the npm that runs this script has been killed: npm forwards signals, but cannot when it is
 * killed outright. Does nothing where npm is not our parent.
 * @param {() => void} onGone
 */
export function whenNpmIsGone(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    onGone();
  }, lookEveryMs);
  timer.unref();
}
