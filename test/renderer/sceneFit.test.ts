import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../../domain/scene.ts';
import { sceneFaults } from '../../domain/sceneFaults.ts';
import { sceneSchema } from '../../protocol/scene.ts';
import { canvasOf } from '../../renderer/layout/canvas.ts';
import { arcMinutes, farthestSeat, pitchOf, ROLE_RULES, TEXT_ROLES } from '../../renderer/layout/legibility.ts';
import { viewingPlace } from '../../renderer/layout/place.ts';
import { layoutFor } from '../../renderer/layout/reflow.ts';
import { sceneFit, tightSlots } from '../../renderer/layout/sceneFit.ts';
import { bundledScenes, sceneOf } from '../../renderer/scenes/index.ts';

const SIZES = [
  [1920, 1080],
  [3840, 2160],
  [5760, 1080],
  [7680, 2160],
] as const;
const dispatch = sceneOf('dispatch');

describe('the angle of a text', () => {
  it('satisfies every role at the distance of the rule, and the binding one by a hair', () => {
    const place = { unit: 1.25, pitchMm: 0.63, seatMm: farthestSeat(1.25, 0.63) };
    const seen = TEXT_ROLES.map((role) => arcMinutes({ ...ROLE_RULES[role], ...place }));
    expect(seen.map((value) => Number(value.toFixed(1)))).toEqual([27.5, 25.2, 20.6, 16, 49.9]);
    for (const [i, role] of TEXT_ROLES.entries()) expect(seen[i]).toBeGreaterThanOrEqual(ROLE_RULES[role].least);
    expect(arcMinutes({ ...ROLE_RULES.digits, ...place, seatMm: place.seatMm * 1.01 })).toBeLessThan(16);
  });

  it('follows from the pitch, and that from a diagonal', () => {
    expect(pitchOf(55, 1920, 1080)).toBeCloseTo(0.634, 3);
    expect(pitchOf(98, 3840, 2160)).toBeCloseTo(0.565, 3);
  });
});

describe('a bundled scene', () => {
  it.each(SIZES)('gives every panel the room it needs at %d × %d', (width, height) => {
    for (const scene of bundledScenes()) {
      expect(tightSlots(scene, canvasOf(width, height)), scene.id).toEqual([]);
    }
  });

  it('has a screen of its own for each physical one, and fits the unit of a row of seats farther back', () => {
    for (const scene of bundledScenes()) {
      expect(layoutFor(scene, canvasOf(5760, 1080)).screens, scene.id).toHaveLength(3);
      expect(layoutFor(scene, canvasOf(7680, 1080)).screens, scene.id).toHaveLength(4);
    }
    // Table of §1: three 55″ screens, 1.5 beyond 2.1 m.
    const canvas = canvasOf(5760, 1080, { pitchMm: 0.63, seatMm: 2500 });
    expect(canvas.unit).toBeCloseTo(1.5, 9);
    expect(sceneFit(dispatch, canvas)).toEqual({ kind: 'readable' });
  });
});

describe('the scene in docs/scenes.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/scenes.md'), 'utf8');
  const scene = sceneSchema.parse(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''));

  it('is sound, and has room on every wall though it lays out one alone', () => {
    expect(sceneFaults(scene)).toEqual([]);
    for (const [width, height] of SIZES) expect(tightSlots(scene, canvasOf(width, height))).toEqual([]);
  });

  it('is re-flowed column by column, a group to a screen, each with its part of the header', () => {
    const { screens } = layoutFor(scene, canvasOf(5760, 1080));
    expect(screens.map(({ header }) => header)).toEqual(['name', 'map', 'trust']);
    expect(screens.map(({ slots }) => slots.map(({ panel }) => panel))).toEqual([
      ['overdue', 'pipeline'],
      ['map'],
      ['stream'],
    ]);
    expect(layoutFor(scene, canvasOf(1920, 1080))).toBe(scene.layouts.std);
    expect(layoutFor(scene, canvasOf(7680, 2160)).screens).toHaveLength(3);
  });
});

describe('a scene that the farthest seat could not read', () => {
  it('is refused by panel and role, with the angle that is there and the one that must be', () => {
    const canvas = canvasOf(1920, 1080, { pitchMm: 0.63, seatMm: 4000 });
    const fit = sceneFit(dispatch, canvas);
    if (fit.kind === 'readable') throw new Error('it is not refused');
    expect(fit.mostUnit).toBe(1);
    expect(fit.mostSeatMm).toBeCloseTo(1701, 6);
    expect(fit.tight.map(({ panel }) => panel)).toEqual(expect.arrayContaining(['overdue', 'pipeline', 'map']));
    const digits = fit.texts.find(({ panel, role }) => panel === 'overdue' && role === 'digits');
    expect(digits?.arcMinutes).toBeCloseTo(6.82, 2);
    expect(digits?.least).toBe(16);
    expect(fit.texts.some(({ panel, role }) => panel === 'pipeline' && role === 'kpi')).toBe(true);
  });

  it('is told from one that fits from the same seat', () => {
    const alone: Scene = {
      id: 'alone',
      title: { zh: '告警' },
      layouts: {
        std: {
          screens: [
            {
              header: 'whole',
              columns: ['1fr'],
              rows: ['1fr'],
              slots: [{ panel: 'overdue', area: { column: 1, row: 1 } }],
            },
          ],
        },
      },
    };
    const seat = { pitchMm: 0.63, seatMm: 3000 };
    expect(sceneFit(alone, canvasOf(1920, 1080, seat))).toEqual({ kind: 'readable' });
    expect(sceneFit(dispatch, canvasOf(1920, 1080, seat)).kind).toBe('refused');
    expect(sceneFit(dispatch, canvasOf(1920, 1080)).kind).toBe('readable');
  });
});

describe('the place of a wall', () => {
  const storage = (text: string | null = null) => {
    const written: string[] = [];
    return { written, getItem: () => text, setItem: (_: string, value: string) => void written.push(value) };
  };

  it('is what the address says, in mm and metres, and is kept', () => {
    const kept = storage('{"pitchMm":0.5,"screens":2}');
    expect(viewingPlace('?pitch=1.25&seat=6', kept)).toEqual({ pitchMm: 1.25, seatMm: 6000, screens: 2 });
    expect(kept.written).toEqual(['{"pitchMm":1.25,"seatMm":6000,"screens":2}']);
    // A kiosk keeps it itself.
    expect(viewingPlace('?seat=6')).toEqual({ pitchMm: undefined, seatMm: 6000, screens: undefined });
  });

  it.each([
    ['?pitch=0&seat=-3&screens=2.5', null],
    ['?seat=near', 'nonsense'],
    ['', '{"seatMm":"far"}'],
    ['', '[]'],
  ])('is unknown where what is said cannot be (%j, %j)', (search, before) => {
    const kept = storage(before);
    expect(viewingPlace(search, kept)).toEqual({ pitchMm: undefined, seatMm: undefined, screens: undefined });
    expect(kept.written).toEqual([]);
  });
});
