/** The far side of `forked` (tools/bench/forked.ts): answers requests over the channel until that closes. */
export function answerRequests(handlers: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('message', ({ id, name, argument }: { id: number; name: string; argument: unknown }) => {
    const handler = handlers[name] as ((argument: unknown) => unknown) | undefined;
    Promise.resolve()
      .then(() => {
        if (handler === undefined) throw new Error(`nothing answers to ${name}`);
        return handler(argument);
      })
      .then(
        (value) => process.send?.({ id, value }),
        (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}
