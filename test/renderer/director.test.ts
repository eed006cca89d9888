import { describe, expect, it } from 'vitest';
import { createDirector, sceneInAddress } from '../../renderer/live/director.ts';
import { createManualRealTime } from '../support/manualRealTime.ts';

function directorOf(first?: string) {
  const time = createManualRealTime();
  const director = createDirector({ first: first === undefined ? undefined : { id: first }, after: time.after });
  const seen: string[] = [];
  director.subscribe(() => {
    const { id, argument } = director.scene();
    seen.push(argument === undefined ? id : `${id}:${argument}`);
  });
  const show = (scene: string | null, spotlight: { ticketId: string; leftMs: number } | null = null) =>
    director.obey({ kind: 'show', scene, spotlight });
  return { time, director, seen, show };
}

it('begins with the scene of every hall, or with what the address asks for', () => {
  expect(directorOf().director.scene()).toEqual({ id: 'dispatch' });
  expect(directorOf('brief').director.scene()).toEqual({ id: 'brief' });
  expect(sceneInAddress('?scene=grid:xuzhuang')).toEqual({ id: 'grid', argument: 'xuzhuang' });
  expect(sceneInAddress('?scene=')).toBeUndefined();
});

describe('what the server asks for', () => {
  it('is shown until it is taken back', () => {
    const { seen, show } = directorOf('departments');
    show('grid:shiqiao');
    show('brief');
    show(null);
    expect(seen).toEqual(['grid:shiqiao', 'brief', 'departments']);
  });

  it('said again changes nothing, not even what was chosen at the wall since', () => {
    const { director, seen, show } = directorOf();
    show('grid');
    director.show({ id: 'grid', argument: 'xuzhuang' });
    show('grid');
    expect(director.scene()).toEqual({ id: 'grid', argument: 'xuzhuang' });
    show('brief');
    expect(seen).toEqual(['grid', 'grid:xuzhuang', 'brief']);
  });
});

describe('a spotlight', () => {
  it('W71 gives way to the scene before it when its time is over, server or no server', () => {
    const { time, director, seen, show } = directorOf();
    show('brief');
    show('brief', { ticketId: 'T-1', leftMs: 30_000 });
    expect(director.isSpotlit()).toBe(true);
    time.pass(29_999);
    expect(director.scene()).toEqual({ id: 'ticket', argument: 'T-1' });
    time.pass(1);
    expect(seen).toEqual(['brief', 'ticket:T-1', 'brief']);
    expect(director.isSpotlit()).toBe(false);
  });

  it('is prolonged, exchanged and taken back, each of which ends the timer before', () => {
    const { time, director, seen, show } = directorOf();
    show(null, { ticketId: 'T-1', leftMs: 1000 });
    show(null, { ticketId: 'T-1', leftMs: 5000 });
    time.pass(4999);
    show(null, { ticketId: 'T-2', leftMs: 5000 });
    show(null);
    expect(seen).toEqual(['ticket:T-1', 'ticket:T-2', 'dispatch']);
    expect(time.waiting()).toBe(0);
    director.close();
  });
});

describe('turns', () => {
  const turns = [
    { scene: 'dispatch', seconds: 60 },
    { scene: 'domain-urban', seconds: 20 },
  ];

  it('follow each other for ever', () => {
    const { time, director, seen } = directorOf();
    director.takeTurns(turns);
    director.takeTurns([...turns]);
    time.pass(60_000);
    time.pass(20_000);
    time.pass(60_000);
    expect(seen).toEqual(['domain-urban', 'dispatch', 'domain-urban']);
    director.close();
    expect(time.waiting()).toBe(0);
  });

  it('rest while the server asks for a scene, and go on behind a spotlight', () => {
    const { time, director, seen, show } = directorOf();
    director.takeTurns(turns);
    show('brief');
    time.pass(600_000);
    expect(seen).toEqual(['brief']);
    show(null);
    expect(director.scene()).toEqual({ id: 'dispatch' });
    show(null, { ticketId: 'T-1', leftMs: 70_000 });
    time.pass(65_000);
    expect(director.scene()).toEqual({ id: 'ticket', argument: 'T-1' });
    time.pass(5_000);
    expect(director.scene()).toEqual({ id: 'domain-urban' });
  });

  it('are not taken by a wall whose address asks for a scene', () => {
    const { time, director, seen } = directorOf('grid');
    director.takeTurns(turns);
    time.pass(600_000);
    expect(seen).toEqual([]);
  });
});
