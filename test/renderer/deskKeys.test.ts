import { describe, expect, it } from 'vitest';
import { type Command, commandOf, createCommands, type KeyPress } from '../../renderer/desk/commands.ts';

const press = (key: string, where: Partial<KeyPress> = {}): KeyPress => ({
  key,
  modified: false,
  inText: false,
  ownArrows: false,
  inDialog: false,
  ...where,
});

describe('the keys of the desk', () => {
  it.each<[string, Command]>([
    ['ArrowUp', { kind: 'previous' }],
    ['ArrowDown', { kind: 'next' }],
    ['a', { kind: 'acknowledge' }],
    ['A', { kind: 'acknowledge' }],
    ['s', { kind: 'assign' }],
    ['n', { kind: 'note' }],
    ['/', { kind: 'search' }],
    ['Escape', { kind: 'back' }],
    ['1', { kind: 'choose', index: 0 }],
    ['4', { kind: 'choose', index: 3 }],
  ])('%s asks for %o', (key, command) => expect(commandOf(press(key))).toEqual(command));

  it.each(['Enter', 'Tab', ' ', 'b', '0', 'F5', 'ArrowLeft'])('leaves %j to the browser', (key) =>
    expect(commandOf(press(key))).toBe(undefined),
  );

  it('leaves letters, figures and arrows to whoever is writing, but not the way out', () => {
    for (const key of ['a', 's', 'n', '/', '1', 'ArrowUp', 'ArrowDown']) {
      expect(commandOf(press(key, { inText: true })), key).toBe(undefined);
    }
    expect(commandOf(press('Escape', { inText: true }))).toEqual({ kind: 'back' });
  });

  it('leaves the arrows to tabs and chips, which move by them', () => {
    expect(commandOf(press('ArrowDown', { ownArrows: true }))).toBe(undefined);
    expect(commandOf(press('a', { ownArrows: true }))).toEqual({ kind: 'acknowledge' });
  });

  it('leaves every key to an open dialogue, and combinations to the browser', () => {
    for (const key of ['a', 'Escape', 'ArrowDown']) {
      expect(commandOf(press(key, { inDialog: true })), key).toBe(undefined);
      expect(commandOf(press(key, { modified: true })), key).toBe(undefined);
    }
  });
});

describe('the commands', () => {
  it('go to the part that asked for them last, until it is gone', () => {
    const commands = createCommands();
    const taken: string[] = [];
    expect(commands.run({ kind: 'note' })).toBe(false);
    commands.on('note', () => taken.push('pane'));
    const off = commands.on('note', () => taken.push('group'));
    expect(commands.run({ kind: 'note' })).toBe(true);
    off();
    commands.run({ kind: 'note' });
    expect(taken).toEqual(['group', 'pane']);
  });

  it('bring what they carry', () => {
    const commands = createCommands();
    const chosen: number[] = [];
    commands.on('choose', ({ index }) => chosen.push(index));
    commands.run({ kind: 'choose', index: 2 });
    expect(chosen).toEqual([2]);
  });
});
