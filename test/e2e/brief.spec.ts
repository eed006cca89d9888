import { expect, type Page } from '@playwright/test';
import { extractText, getDocumentProxy } from 'unpdf';
import type { BriefDepartment, BriefGrid, BriefTotal } from '../../domain/brief.ts';
import type { StatisticsGroup } from '../../domain/statistics.ts';
import { count, duration, MINUS, points, rate, signed } from '../../renderer/words/formats.ts';
import { tellTwoMonths } from '../support/briefDistrict.ts';
import type { BuiltServer } from '../support/builtServer.ts';
import { test } from '../support/hall.ts';

interface Brief {
  readonly month: string;
  readonly at: string;
  readonly onTimeTarget: number;
  readonly total: BriefTotal;
  readonly previous: { readonly total: BriefTotal } | null;
  readonly departments: readonly (BriefDepartment & { readonly rank: number | null })[];
  readonly domains: readonly StatisticsGroup[];
  readonly streets: readonly { readonly key: string; readonly gridsWithOverdue: number }[];
  readonly grids: readonly BriefGrid[];
  readonly points: number;
}

/** Everything that the brief shows as text, at one look, by figure and by group. */
function shownFigures(root: string) {
  const within = document.querySelector(root);
  const text = (element: Element | null | undefined) => (element?.textContent ?? '').trim();
  const of = (part: string, name: string) => text(within?.querySelector(`[data-testid=${part}] [data-figure=${name}]`));
  const rows = (selector: string, key: string, names: readonly string[]) =>
    Object.fromEntries(
      [...(within?.querySelectorAll<HTMLElement>(selector) ?? [])].map((row) => [
        row.dataset[key] ?? '',
        names.map((name) => text(row.querySelector(`[data-figure=${name}]`))),
      ]),
    );
  return {
    hero: ['onTimeRate', 'onTimeRateChange', 'overdue'].map((name) => of('brief-hero', name)),
    figures: [
      'opened',
      'openedChange',
      'closed',
      'open',
      'medianFinishMs',
      'medianFinishMsChange',
      'passedAtOnceRate',
      'judged',
      'points',
      'pointsPerHead',
    ].map((name) => of('brief-figures', name)),
    strip: ['gridsWithoutOverdue', 'gridsWithOverdue'].map((name) => of('brief-strip', name)),
    streets: rows('[data-testid=brief-strip] [data-street-id]', 'streetId', ['withOverdue']),
    grids: Object.fromEntries(
      [...(within?.querySelectorAll<HTMLElement>('[data-grid-id]') ?? [])].map(({ dataset }) => [
        dataset.gridId ?? '',
        [dataset.opened, dataset.overdue],
      ]),
    ),
    domains: rows('[data-testid=brief-domains] [data-domain]', 'domain', ['opened', 'onTimeRate']),
    departments: rows('[data-testid=brief-departments] [data-department-id]', 'departmentId', ['onTimeRate']),
  };
}

const minutes = (ms: number) =>
  duration(ms)
    .map(({ digits, unit }) => `${digits}${{ day: '天', hour: '时', minute: '分', second: '秒' }[unit]}`)
    .join('');

/** The same from the answer of the API, in the formats of the wall. `ranked`: the departments that the sheet has room for. */
function toldFigures(brief: Brief, ranked: readonly string[]): ReturnType<typeof shownFigures> {
  const { total, previous, onTimeTarget: target } = brief;
  const percent = (value: number | null) => (value === null ? '—' : rate(value, target));
  const before = previous?.total;
  const overdue = total.closedOverdue + total.openOverdue;
  const medianChange =
    before?.medianFinishMs == null || total.medianFinishMs === null
      ? undefined
      : total.medianFinishMs - before.medianFinishMs;
  const late = brief.grids.filter((grid) => grid.overdue > 0).length;
  return {
    hero: [
      percent(total.onTimeRate),
      before?.onTimeRate == null || total.onTimeRate === null ? '—' : points(total.onTimeRate - before.onTimeRate),
      count(overdue),
    ],
    figures: [
      count(total.opened),
      before === undefined ? '—' : signed(total.opened - before.opened),
      count(total.closed),
      count(total.open),
      total.medianFinishMs === null ? '—' : minutes(total.medianFinishMs),
      medianChange === undefined
        ? '—'
        : Math.trunc(medianChange / 60_000) === 0
          ? '0分'
          : `${medianChange > 0 ? '+' : MINUS}${minutes(Math.abs(medianChange))}`,
      total.judged === 0 ? '—' : rate(total.passedAtOnce / total.judged, 1),
      count(total.judged),
      count(brief.points),
      count(brief.points / brief.grids.length),
    ],
    strip: [count(brief.grids.length - late), count(late)],
    streets: Object.fromEntries(brief.streets.map(({ key, gridsWithOverdue }) => [key, [count(gridsWithOverdue)]])),
    grids: Object.fromEntries(brief.grids.map((grid) => [grid.key, [String(grid.opened), String(grid.overdue)]])),
    domains: Object.fromEntries(
      brief.domains.map(({ key, opened, onTimeRate }) => [key, [count(opened), percent(onTimeRate)]]),
    ),
    departments: Object.fromEntries(
      brief.departments.filter(({ key }) => ranked.includes(key)).map((one) => [one.key, [percent(one.onTimeRate)]]),
    ),
  };
}

async function briefAt(server: BuiltServer, at: string): Promise<Brief> {
  const month = ((await server.call('GET', '/status')).body.now as string).slice(0, 7);
  const { status, body } = await server.call('GET', `/brief?month=${month}&at=${encodeURIComponent(at)}`);
  expect(status).toBe(200);
  return body as unknown as Brief;
}

async function signIn(page: Page, server: BuiltServer): Promise<void> {
  const answer = await page.request.post(`${server.url}/api/v1/session`, {
    data: { username: 'admin', password: server.adminPassword },
  });
  expect(answer.status()).toBe(201);
}

test('every figure of the briefing on the wall is the API’s for the same period, to the digit', async ({
  server,
  page,
}) => {
  await tellTwoMonths(server);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`${server.url}/wall?scene=brief&motion=reduce#token=${await server.wallToken()}`);
  const hero = page.getByTestId('brief-hero');
  await expect(hero.locator('[data-figure=onTimeRate]')).toHaveText(/^\d/);
  const shown = await page.evaluate(shownFigures, '[data-testid=wall]');
  const brief = await briefAt(server, (await hero.getAttribute('data-at')) ?? '');
  expect(brief.total.opened).toBeGreaterThan(0);
  expect(Object.keys(shown.departments).length).toBeGreaterThan(0);
  expect(shown).toEqual(toldFigures(brief, Object.keys(shown.departments)));

  await page.goto(`${server.url}/wall?scene=departments&motion=reduce`);
  const table = page.getByTestId('department-table');
  await expect(table.locator('[data-department-id]').first()).toBeVisible();
  const rows = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-testid=department-table] [data-department-id]')].map((row) => ({
      key: row.dataset.departmentId ?? '',
      rank: row.dataset.rank ?? '',
      texts: ['onTimeRate', 'dueInPeriod', 'onTime', 'overdue', 'openOverdue', 'medianFinishMs'].map((name) =>
        (row.querySelector(`[data-figure=${name}]`)?.textContent ?? '').trim(),
      ),
    })),
  );
  const load = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('[data-testid=department-load] [data-department-id]')].map((row) => [
      row.dataset.departmentId,
      ...['openAll', 'openOverdueAll'].map((name) => row.querySelector(`[data-figure=${name}]`)?.textContent?.trim()),
    ]),
  );
  const later = await briefAt(server, (await table.getAttribute('data-at')) ?? '');
  const dash = (value: number) => (value === 0 ? '–' : count(value));
  expect(rows).toHaveLength(later.departments.filter(({ opened }) => opened > 0).length);
  for (const { key, rank, texts } of rows) {
    const group = later.departments.find((one) => one.key === key);
    if (group === undefined) throw new Error(`the API knows no department ${key}`);
    expect(rank).toBe(group.rank === null ? '' : String(group.rank));
    expect(texts).toEqual([
      group.rank === null || group.onTimeRate === null ? '件数少' : rate(group.onTimeRate, later.onTimeTarget),
      dash(group.dueInPeriod),
      dash(Math.round(group.dueInPeriod * (group.onTimeRate ?? 0))),
      dash(group.closedOverdue + group.openOverdue),
      dash(group.openOverdue),
      group.medianFinishMs === null ? '—' : minutes(group.medianFinishMs),
    ]);
  }
  expect(load.length).toBeGreaterThan(0);
  for (const [key, open, late] of load) {
    const group = later.departments.find((one) => one.key === key);
    expect([open, late]).toEqual([dash(group?.openAll ?? 0), dash(group?.openOverdueAll ?? 0)]);
  }
});

test('the brief is one sheet of A3 whose text can be searched, with the figures of the API', async ({
  server,
  page,
}) => {
  await tellTwoMonths(server);
  await page.goto(`${server.url}/brief`);
  await expect(page.getByRole('alert')).toContainText('请先登录');
  await signIn(page, server);
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.reload();
  const sheet = page.getByTestId('brief-sheet');
  await expect(sheet.locator('.trendCanvas svg text').first()).toBeVisible();
  const brief = await briefAt(server, (await sheet.getAttribute('data-at')) ?? '');
  const shown = await page.evaluate(shownFigures, '[data-testid=brief-sheet]');
  expect(shown).toEqual(toldFigures(brief, Object.keys(shown.departments)));
  expect(Object.keys(shown.departments)).toHaveLength(brief.departments.filter(({ rank }) => rank !== null).length);

  // Its policy allows no inline styles, nor anything from elsewhere
  expect(faults).toEqual([]);
  const pdf = await getDocumentProxy(
    new Uint8Array(await page.pdf({ preferCSSPageSize: true, printBackground: true })),
  );
  expect(pdf.numPages).toBe(1);
  const [, , width, height] = (await pdf.getPage(1)).view as [number, number, number, number];
  // A3 is 420 × 297 mm, a point 25.4 / 72 mm
  expect([Math.round((width * 25.4) / 72), Math.round((height * 25.4) / 72)]).toEqual([420, 297]);
  const { text } = await extractText(pdf, { mergePages: true });
  const words = text.replace(/\s+/g, '');
  for (const expected of [
    '数据截至',
    '打印20',
    '按期办结率=按期办结÷应办结（含未结超期）',
    `统计期间${brief.month.slice(0, 4)}年`,
    shown.hero[0] as string,
    shown.figures[0] as string,
    '目标95',
  ]) {
    expect(words).toContain(expected);
  }
});

test('nothing on the sheet is cut off, and it reads without colour', async ({ server, page }) => {
  await tellTwoMonths(server);
  await signIn(page, server);
  await page.emulateMedia({ media: 'print' });
  await page.goto(`${server.url}/brief`);
  await expect(page.locator('.trendCanvas svg text').first()).toBeVisible();
  const faults = await page.evaluate(() => {
    const sheet = document.querySelector('.briefSheet');
    if (sheet === null) throw new Error('no sheet');
    const edge = sheet.getBoundingClientRect();
    const unit = edge.width / 1920;
    return [...sheet.querySelectorAll('*')].flatMap((element) => {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.nodeValue ?? '').trim() !== '');
      if (!own) return [];
      const box = element.getBoundingClientRect();
      const size = Number.parseFloat(getComputedStyle(element).fontSize) / unit;
      const outside = box.left < edge.left || box.right > edge.right + 1 || box.bottom > edge.bottom + 1;
      return outside || size < 17.9 ? [`${element.textContent} ${size.toFixed(1)}`] : [];
    });
  });
  expect(faults).toEqual([]);
  await expect(page.locator('.sheetTools')).toBeHidden();
  // A late grid is black, the darkest of the others is not: brightness alone tells them apart
  const brightness = await page.evaluate(() => {
    const of = (selector: string) => {
      const element = document.querySelector(selector);
      if (element === null) return null;
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      if (canvas === null) throw new Error('no canvas');
      canvas.fillStyle = getComputedStyle(element).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return 0.299 * red + 0.587 * green + 0.114 * blue;
    };
    return [
      of('.stripLegend .stripSquare.late'),
      ...[3, 2, 1, 0].map((level) => of(`.stripScale [data-level='${level}']`)),
    ];
  });
  for (const [i, value] of brightness.entries()) {
    if (i > 0) expect(value as number).toBeGreaterThan((brightness[i - 1] as number) + 20);
  }
});

test('a figure of the sheet opens its tickets, and a leader’s findings go on the wall', async ({ server, page }) => {
  await tellTwoMonths(server);
  await signIn(page, server);
  await page.goto(`${server.url}/brief`);
  const sheet = page.getByTestId('brief-sheet');
  const overdue = sheet.getByTestId('brief-hero').locator('[data-figure=overdue]');
  await overdue.click();
  const behind = page.getByTestId('tickets-behind');
  await expect(behind).toHaveAttribute('data-total', ((await overdue.textContent()) ?? '').replace(',', ''));
  await expect(behind.locator('a').first()).toHaveAttribute('href', /\/desk\?ticket=brief-\d+/);
  const domain = sheet.locator('[data-domain] [data-figure=opened]').first();
  await domain.focus();
  await page.keyboard.press('Enter');
  await expect(behind).toHaveAttribute('data-total', ((await domain.textContent()) ?? '').replace(',', ''));

  await expect(sheet.getByTestId('brief-findings')).toContainText('尚无经确认的研判');
  const editor = page.getByTestId('findings-editor');
  await editor.getByRole('button', { name: '另写一句' }).click();
  const confirm = page.getByTestId('confirm-findings');
  await expect(confirm).toBeDisabled();
  await editor.getByLabel('第 1 句主语').fill('夜间施工噪声');
  await editor.getByLabel('第 1 句内容').fill('较上月增 18%，建议开展联合夜查。');
  await confirm.click();
  await expect(sheet.getByTestId('brief-findings')).toContainText('夜间施工噪声 较上月增 18%');

  await page.goto(`${server.url}/wall?scene=brief&motion=reduce#token=${await server.wallToken()}`);
  await expect(page.getByTestId('brief-findings')).toContainText('夜间施工噪声 较上月增 18%');
});
