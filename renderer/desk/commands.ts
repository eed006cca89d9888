/** What a key asks the desk to do. `choose` takes the n-th disposition, counted from 0. */
export type Command =
  | { readonly kind: 'previous' | 'next' | 'acknowledge' | 'assign' | 'note' | 'search' | 'back' }
  | { readonly kind: 'choose'; readonly index: number };

/** Where a key was pressed, as far as it matters. */
export interface KeyPress {
  readonly key: string;
  /** Ctrl, Alt or Meta: the browser's own. */
  readonly modified: boolean;
  /** Somebody is writing there. */
  readonly inText: boolean;
  /** The part has its own use for the arrows: tabs, chips, lists. */
  readonly ownArrows: boolean;
  /** A dialogue is open and has every key. */
  readonly inDialog: boolean;
}

/** The command of a key; undefined where it is the browser's or the text's. */
export function commandOf({ key, modified, inText, ownArrows, inDialog }: KeyPress): Command | undefined {
  if (inDialog || modified) return undefined;
  if (key === 'Escape') return { kind: 'back' };
  if (inText) return undefined;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    return ownArrows ? undefined : { kind: key === 'ArrowUp' ? 'previous' : 'next' };
  }
  if (/^[1-9]$/.test(key)) return { kind: 'choose', index: Number(key) - 1 };
  switch (key.toLowerCase()) {
    case 'a':
      return { kind: 'acknowledge' };
    case 's':
      return { kind: 'assign' };
    case 'n':
      return { kind: 'note' };
    case '/':
      return { kind: 'search' };
    default:
      return undefined;
  }
}

/** Reads where a key was pressed. */
export function keyPressOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'target'>): KeyPress {
  const target = event.target instanceof Element ? event.target : null;
  return {
    key: event.key,
    modified: event.ctrlKey || event.altKey || event.metaKey,
    inText:
      target?.closest('input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]') != null,
    ownArrows:
      target?.closest('[role=tablist], [role=radiogroup], [role=listbox], [role=grid], [role=combobox]') != null,
    inDialog: target?.closest('[role=dialog], [role=alertdialog]') != null,
  };
}

type Kind = Command['kind'];

/** Those parts of the desk that are on screen take commands; the last one to ask for a kind gets it. */
export interface Commands {
  on<K extends Kind>(kind: K, run: (command: Extract<Command, { readonly kind: K }>) => void): () => void;
  /** Whether somebody took it. */
  run(command: Command): boolean;
}

export function createCommands(): Commands {
  const takers = new Map<Kind, ((command: never) => void)[]>();
  return {
    on(kind, run) {
      takers.set(kind, [...(takers.get(kind) ?? []), run]);
      return () =>
        takers.set(
          kind,
          (takers.get(kind) ?? []).filter((one) => one !== run),
        );
    },
    run(command) {
      const taker = takers.get(command.kind)?.at(-1);
      taker?.(command as never);
      return taker !== undefined;
    },
  };
}

/** Turns keys into commands until the returned function is called. */
export function followKeys(
  view: Pick<Window, 'addEventListener' | 'removeEventListener'>,
  commands: Pick<Commands, 'run'>,
): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const command = commandOf(keyPressOf(event));
    if (command !== undefined && commands.run(command)) event.preventDefault();
  };
  view.addEventListener('keydown', pressed);
  return () => view.removeEventListener('keydown', pressed);
}
