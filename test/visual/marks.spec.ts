import { expect } from '@playwright/test';
import { openStory, test } from './storyPage.ts';

test.use({ viewport: { width: 1920, height: 1080 } });

/**
 * How somebody sees it: a matrix over linear red, green, blue. Dichromats by Machado, Oliveira and Fernandes (2009),
 * severity 1.0; `greyscale` keeps the relative luminance of WCAG alone.
 */
const EYES = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  greyscale: [0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722, 0.2126, 0.7152, 0.0722],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

/** A picture element belongs to a mark from this contrast to what lies behind it on. */
const INK_CONTRAST = 2;
/** Marks that tell a state need this contrast (visual specification §4); half of the ink has more. */
const LEAST_CONTRAST = 3;
/** Of the ink of two marks laid over each other, at least this share belongs to one of them only. */
const LEAST_DIFFERENCE = 0.2;

interface SeenMark {
  readonly id: string;
  /** Of each picture element, row by row. */
  readonly ink: readonly boolean[];
  readonly medianContrast: number;
}

/** Looks at every mark of the page with the given eyes, by luminance alone. Runs in the page. */
async function look({
  picture,
  matrix,
  inkContrast,
}: {
  picture: string;
  matrix: readonly number[];
  inkContrast: number;
}) {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.drawImage(image, 0, 0);
  const linear = (channel: number) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const weights = [0.2126, 0.7152, 0.0722];
  return [...document.querySelectorAll<HTMLElement>('[data-mark]')].map((element): SeenMark => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const { data } = context.getImageData(Math.round(left), Math.round(top), Math.round(width), Math.round(height));
    const light: number[] = [];
    for (let i = 0; i < data.length; i += 4) {
      const seen = [0, 1, 2].map((row) => {
        const mixed = [0, 1, 2].reduce((sum, k) => sum + (matrix[row * 3 + k] ?? 0) * linear(data[i + k] ?? 0), 0);
        return Math.min(1, Math.max(0, mixed));
      });
      light.push(seen.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), 0));
    }
    const behind = light[0] ?? 0;
    const contrasts = light.map((value) => (Math.max(value, behind) + 0.05) / (Math.min(value, behind) + 0.05));
    const ink = contrasts.map((contrast) => contrast >= inkContrast);
    const inked = contrasts.filter((contrast) => contrast >= inkContrast).sort((a, b) => a - b);
    return { id: element.dataset.mark ?? '', ink, medianContrast: inked[Math.floor(inked.length / 2)] ?? 1 };
  });
}

function difference(one: SeenMark, other: SeenMark): number {
  let either = 0;
  let both = 0;
  for (const [i, inked] of one.ink.entries()) {
    if (inked || other.ink[i]) either += 1;
    if (inked && other.ink[i]) both += 1;
  }
  return either === 0 ? 0 : 1 - both / either;
}

for (const [eyes, matrix] of Object.entries(EYES)) {
  test(`every mark is told from every other by shape and fill: ${eyes}`, async ({ page, origin }) => {
    await openStory(page, origin, 'marks');
    const picture = (await page.screenshot()).toString('base64');
    const marks = await page.evaluate(look, { picture, matrix, inkContrast: INK_CONTRAST });
    expect(marks.map(({ id }) => id)).toEqual([
      ...['critical', 'high'].flatMap((severity) =>
        ['filled', 'hollow', 'dashed', 'paused'].map((fill) => `${severity} ${fill}`),
      ),
      'again',
      'hourglass',
      'unequal',
      'check',
    ]);
    for (const { id, medianContrast } of marks) {
      expect(medianContrast, `${id} against its ground`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    }
    const close = marks.flatMap((one, i) =>
      marks
        .slice(i + 1)
        .map((other) => ({ pair: `${one.id}, ${other.id}`, difference: difference(one, other) }))
        .filter((pair) => pair.difference < LEAST_DIFFERENCE),
    );
    expect(close).toEqual([]);
  });
}
