import { describe, expect, it } from 'vitest';
import type { Aspect } from '../../domain/scene.ts';
import { canvasOf } from '../../renderer/layout/canvas.ts';
import { unitForSeat } from '../../renderer/layout/legibility.ts';

describe('the canvas of a wall', () => {
  // Width and height in pixels → layout, screens side by side, unit, and one screen in units (visual specification §1, §2).
  it.each<[number, number, Aspect, number, number, number, number]>([
    [1920, 1080, 'std', 1, 1, 1920, 1080],
    [3840, 2160, 'std', 1, 2, 1920, 1080],
    [5760, 1080, 'wide3', 3, 1.25, 1536, 864],
    [7680, 2160, 'ultra', 1, 2, 3840, 1080],
    [3840, 1080, 'ultra', 1, 1, 3840, 1080],
    [11520, 2160, 'wide3', 3, 2.5, 1536, 864],
    [7680, 1080, 'wide3', 4, 1.25, 1536, 864],
    // Odd sizes are neither scaled to fit nor framed: what is over is more room.
    [1920, 1200, 'std', 1, 1, 1920, 1200],
    [2560, 1080, 'std', 1, 1, 2560, 1080],
    [3440, 1440, 'std', 1, 4 / 3, 2580, 1080],
    [5120, 1440, 'ultra', 1, 4 / 3, 3840, 1080],
    [4800, 1080, 'wide3', 3, 1600 / 1536, 1536, 1036.8],
    [1366, 768, 'std', 1, 768 / 1080, 1920.9375, 1080],
  ])('of %d × %d is %s on %d screens at %d', (pixelsWide, pixelsHigh, aspect, screens, unit, width, height) => {
    const canvas = canvasOf(pixelsWide, pixelsHigh);
    expect(canvas).toMatchObject({ aspect, screens });
    expect(canvas.unit).toBeCloseTo(unit, 9);
    expect(canvas.width).toBeCloseTo(width, 6);
    expect(canvas.height).toBeCloseTo(height, 6);
  });

  it('has as many screens as the place says', () => {
    expect(canvasOf(3840, 1080, { screens: 2 })).toMatchObject({ aspect: 'wide3', screens: 2, unit: 1.25 });
    expect(canvasOf(5760, 1080, { screens: 1 })).toMatchObject({ aspect: 'ultra', screens: 1, unit: 1 });
  });

  // Table of §1: pitch, unit and the distance up to which that unit will do.
  it.each([
    [0.565, 2, 3.0],
    [1.25, 2, 6.7],
    [0.63, 1.25, 2.1],
    [0.63, 1.5, 2.5],
    [0.63, 1, 1.7],
  ])('of pitch %d mm needs the unit %d up to %d m and more beyond', (pitchMm, unit, metres) => {
    const mostMm = 2700 * pitchMm * unit;
    expect(Math.abs(mostMm / 1000 - metres)).toBeLessThan(0.06);
    expect(unitForSeat(mostMm, pitchMm)).toBeCloseTo(unit, 9);
    expect(unitForSeat(mostMm + 1, pitchMm)).toBeCloseTo(unit + 0.05, 9);
  });

  it('takes the unit of the farthest seat where that is larger, and so has less room', () => {
    expect(canvasOf(5760, 1080, { pitchMm: 0.63, seatMm: 2500 })).toMatchObject({
      aspect: 'wide3',
      screens: 3,
      unit: 1.5,
      width: 1280,
      height: 720,
    });
    expect(canvasOf(5760, 1080, { pitchMm: 0.63, seatMm: 1500 }).unit).toBe(1.25);
    expect(canvasOf(5760, 1080, { pitchMm: 0.63 }).unit).toBe(1.25);
  });
});
