/** Whatever is added while a write is under way goes together into the next one. */
export interface SharedWrite<Item> {
  /** Settles as the write that it was part of does. */
  add(item: Item): Promise<void>;
  /** Settles, and never rejects, once nothing is under way. */
  idle(): Promise<void>;
}

export function createSharedWrite<Item>(write: (batch: readonly Item[]) => Promise<void>): SharedWrite<Item> {
  let waiting: { readonly item: Item; settle(): void; fail(error: unknown): void }[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ item }) => item));
        for (const { settle } of batch) settle();
      } catch (error) {
        for (const { fail } of batch) fail(error);
      }
    }
    writing = undefined;
  }

  return {
    add(item) {
      return new Promise((settle, fail) => {
        waiting.push({ item, settle, fail });
        writing ??= writeAll();
      });
    },
    async idle() {
      await writing;
    },
  };
}
