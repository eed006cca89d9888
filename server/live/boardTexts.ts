import { inSlices } from '../slices.ts';

/** Writing one takes some hundredths of a millisecond, most of it masking words. */
const ITEMS_BETWEEN_LOOKS = 10;

/** The board's tickets, or its alerts, as one audience gets them, each written once for all who ask. */
export interface BoardTexts {
  /** JSON of each that the audience sees, in the board's order. */
  all(): string[];
  /** It is written again with `writeChanged`, before anybody asks. */
  changed(id: string): void;
  /** In slices, as `writeAll`; whoever asks while it is under way waits for its end. */
  writeChanged(): Promise<void>;
  /** Most of the board, so that little is left for the moment in which a snapshot is taken; after the first time what has changed since. */
  writeAll(): Promise<void>;
}

export function createBoardTexts<Item extends object>(
  items: ReadonlyMap<string, Item>,
  textOf: (item: Item) => string | undefined,
): BoardTexts {
  const texts = new WeakMap<Item, string>();
  const changed = new Set<string>();
  let writing: Promise<void> | undefined;
  let isWhole = false;

  function of(item: Item): string | undefined {
    const known = texts.get(item);
    if (known !== undefined) return known;
    const text = textOf(item);
    if (text !== undefined) texts.set(item, text);
    return text;
  }

  function write(item: Item | undefined): void {
    if (item !== undefined) of(item);
  }

  function writeChanged(): Promise<void> {
    const one = (id: string) => {
      changed.delete(id);
      write(items.get(id));
    };
    writing ??= inSlices(changed, one, ITEMS_BETWEEN_LOOKS).finally(() => {
      writing = undefined;
    });
    return writing;
  }

  return {
    all() {
      const written: string[] = [];
      for (const item of items.values()) {
        const text = of(item);
        if (text !== undefined) written.push(text);
      }
      return written;
    },
    changed: (id) => void changed.add(id),
    writeChanged,
    async writeAll() {
      if (isWhole) return writeChanged();
      await inSlices(items.values(), write, ITEMS_BETWEEN_LOOKS);
      isWhole = true;
    },
  };
}
