import { expect, type Page } from '@playwright/test';
import { openStory, test } from './storyPage.ts';
import { findTextFaults } from './textFaults.ts';

const LEAST_UNITS = 18;
const DOMAINS = ['livelihood', 'traffic', 'government', 'analysis', 'urban'] as const;
const LEVEL_RED = 'rgb(255, 98, 87)';

test.use({ viewport: { width: 1920, height: 1080 } });

async function show(page: Page, choice: string): Promise<void> {
  await page.evaluate((scene) => showScene(scene), choice);
  await expect(page.getByTestId('wall')).toHaveAttribute('data-scene', choice.split(':')[0] as string);
}

async function numbers(page: Page, selector: string): Promise<number[]> {
  const texts = await page.locator(selector).allInnerTexts();
  return texts.map((text) => (text === '–' ? 0 : Number(text.replaceAll(',', ''))));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test.describe('领域专题', () => {
  test('adds up, over the five domains, to the dispatch scene', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    const whole = await numbers(page, '.stageCount');
    const marks = await page.locator('.pipeline .alertCount').allInnerTexts();
    const counts: number[][] = [];
    const domainMarks: number[] = [];
    for (const domain of DOMAINS) {
      await show(page, `domain-${domain}`);
      const own = await numbers(page, '.stageCount');
      counts.push(own);
      domainMarks.push(...(await numbers(page, '.pipeline .alertCount')));
      // Its categories are the same tickets: reported today, and who waits in which stage
      const rows = await page.locator('.categoryRow[data-category]').count();
      const cells = await numbers(page, '.categoryRow[data-category] .categoryCell');
      expect(cells).toHaveLength(rows * 4);
      for (const [column, of] of [0, 1, 2, 3].entries()) {
        expect(sum(cells.filter((_, i) => i % 4 === column)), `${domain} ${column}`).toBe(own[of]);
      }
    }
    for (const [stage, count] of whole.entries()) expect(sum(counts.map((own) => own[stage] ?? 0))).toBe(count);
    expect(sum(domainMarks)).toBe(sum(marks.map(Number)));
  });

  test('says what each number is compared with', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await show(page, 'domain-urban');
    await expect(page.locator('.sceneName')).toHaveText('领域专题 · 城市管理');
    const reference = (id: string) => page.locator(`[data-figure=${id}] .focusReference`);
    await expect(page.locator('[data-figure=monthRate] .focusNumber')).toHaveText('95.8%');
    await expect(reference('monthRate')).toHaveText('目标 95.0 · 5 领域第 4');
    await expect(reference('median')).toHaveText(/^近 28 日 31分$/);
    await expect(reference('repeats')).toHaveText('昨日同刻 7');
    await expect(page.locator('[data-stage=report] .stageReference')).toHaveText('昨日同刻 168');
    await expect(page.locator('[data-stage=close] .stageReference')).toHaveText('昨日同刻 159');
    await expect(page.getByTestId('hourly').locator('.chartKey')).toHaveText([
      '近 28 日同时段 P10–P90',
      '上报',
      '结案',
    ]);
    expect(await page.evaluate(() => chartTexts().map(({ text }) => text))).toEqual(
      expect.arrayContaining(['0时', '24时', '15:42']),
    );
  });

  test('puts most of the limit used first, in colour only where an alert is live', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await show(page, 'domain-urban');
    const rows = page.locator('.limitRow');
    const shares = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute('data-share'))));
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    const first = rows.first();
    await expect(first).toContainText('雨水井盖缺失');
    await expect(first).toContainText('超 2时14分');
    await expect(first.locator('.limitBar')).toHaveCSS('background-color', LEVEL_RED);
    const held = page.locator('.limitRow.held');
    await expect(held).toHaveCount(1);
    await expect(held.locator('.limitBar')).toHaveCSS('border-color', LEVEL_RED);
    await expect(held.locator('.limitBar')).toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
    for (const [i, share] of shares.entries()) {
      await expect(rows.nth(i), `${share}`).toHaveClass(share > 1 ? /critical|high/ : /calm/);
    }
    // The tick of the limit stands at 100 of 240 %
    const [track, tick] = [first.locator('.limitTrack'), first.locator('.limitTick')];
    const [trackBox, tickBox] = [await track.boundingBox(), await tick.boundingBox()];
    if (trackBox === null || tickBox === null) throw new Error('no bar');
    expect((tickBox.x + tickBox.width / 2 - trackBox.x) / trackBox.width).toBeCloseTo(1 / 2.4, 2);
  });

  test('names the busiest grids with their reports of today', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await show(page, 'domain-urban');
    const hot = page.locator('[data-hot-grid]');
    await expect(hot).toHaveCount(3);
    const counts = await hot.evaluateAll((all) => all.map((ring) => Number(ring.getAttribute('data-count'))));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    for (const text of await page.locator('.hotGrids .mapLabel').allTextContents()) expect(text).toMatch(/-\d\d \d+$/);
    const classes = await page
      .locator('.hotGrids .tile')
      .evaluateAll((all) => new Set(all.map((one) => one.classList[1])).size);
    expect(classes).toBe(4);
  });

  test('shows no old number as if it were one', async ({ page, origin }) => {
    await openStory(page, origin, 'gone');
    await show(page, 'domain-urban');
    for (const id of ['pipeline', 'focus-month', 'hourly', 'categories', 'limit-use', 'hot-grids']) {
      await expect(page.getByTestId(id), id).toHaveAttribute('data-quality', 'disconnected');
    }
    await expect(page.locator('.focusNumber')).toHaveText(['—', '—', '—']);
    await expect(page.locator('.categoryRow[data-category] .categoryCell').first()).toHaveText('—');
    await expect(page.locator('.hourlyHatch')).toBeVisible();
    await expect(page.locator('.limitRow').first()).toBeVisible();
  });
});

test.describe('网格态势', () => {
  test('goes down and up by touch and by keyboard, with counts that agree', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await show(page, 'grid');
    const map = page.locator('.areaMap');
    const figure = (id: string) => page.locator(`[data-testid=area-summary] [data-figure=${id}] .areaNumber`);
    const ranking = page.locator('.areaRow');
    await expect(map).toHaveAttribute('data-area', 'district');
    await expect(page.locator('.areaScope')).toHaveText(['镇街 2', '村居 57']);
    const streets = page.locator('.areaRow[data-level=streets]');
    await expect(streets).toHaveCount(2);
    const open = Number(await figure('open').innerText());
    const streetOpen = await streets.locator('.areaBar .areaCell').allInnerTexts();
    const outside = Number(await page.locator('[data-outside]').getAttribute('data-outside'));
    expect(sum(streetOpen.map(Number)) + outside).toBe(open);

    await streets.first().click();
    await expect(map).toHaveAttribute('data-area', 'street');
    await expect(page.locator('.areaTitle')).toHaveText('许庄街道');
    await expect(figure('grids')).toHaveText('147');
    await expect(figure('open')).toHaveText(streetOpen[0] as string);
    await expect(page.locator('.areaScope')).toHaveText(['村居 32']);

    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(ranking.nth(1)).toHaveClass(/chosen/);
    const unit = await ranking.nth(1).getAttribute('data-unit');
    await page.keyboard.press('Enter');
    await expect(map).toHaveAttribute('data-area', 'community');
    await expect(page.getByTestId('area-summary')).toHaveAttribute('data-area', unit as string);
    await expect(page.locator('.areaTicket').first()).toBeVisible();
    await expect(ranking.first()).toHaveAttribute('data-level', 'grids');
    const cells = await numbers(page, '.areaRow .areaBar .areaCell');
    expect(sum(cells)).toBe(Number(await figure('open').innerText()));

    await page.keyboard.press('Escape');
    await expect(map).toHaveAttribute('data-area', 'street');
    await page.keyboard.press('Backspace');
    await expect(map).toHaveAttribute('data-area', 'district');

    // A touch on a cell of the map goes to its street, then to its community
    await page.locator('[data-grid-id=heyun-05]').click();
    await expect(page.locator('.areaTitle')).toHaveText('许庄街道');
    await page.locator('[data-grid-id=heyun-05]').click();
    await expect(page.locator('.areaTitle')).toHaveText('荷韵花园');
    await page.locator('.areaPath button').first().click();
    await expect(map).toHaveAttribute('data-area', 'district');
  });

  for (const choice of ['grid:xuzhuang', 'grid:shiqiao', 'grid:heyun', 'grid:heyun-03', 'grid:hetang']) {
    test(`${choice}: every text is large enough, whole and by itself`, async ({ page, origin }) => {
      await openStory(page, origin, 'normal');
      await show(page, choice);
      expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
    });
  }

  test('shows an alert of a community with the same mark and level', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await show(page, 'grid:hetang');
    const alert = page.locator('[data-alert-grid=hetang-02]');
    await expect(alert).toHaveClass(/critical unacknowledged/);
    await expect(alert.locator('polygon')).toHaveCSS('fill', LEVEL_RED);
    await expect(page.locator('.tile.around')).not.toHaveCount(0);
  });
});

test.describe('单件', () => {
  test('tells a late case: where it stands, since when, and how much of its limit is used', async ({
    page,
    origin,
  }) => {
    await openStory(page, origin, 'normal');
    const row = page.getByTestId('overdue-row').filter({ hasText: '占道经营反复' });
    const id = await row.getAttribute('data-ticket-id');
    await show(page, `ticket:${id}`);
    const panel = page.getByTestId('ticket-case');
    await expect(panel).toHaveAttribute('data-ticket-id', id as string);
    await expect(panel.locator('.caseTitle')).toHaveText('占道经营反复');
    await expect(panel.locator('.caseStep')).toHaveCount(5);
    await expect(panel.locator('.caseStep.current')).toHaveAttribute('data-step', 'handle');
    await expect(panel.locator('.caseStep.done .caseTime')).toHaveText(['14:06', '14:08']);
    await expect(panel.locator('.caseNow')).toContainText('超 9分');
    await expect(panel.locator('.caseTrack')).toHaveClass(/high/);
    await expect(panel.locator('.caseLimitHead strong').first()).toHaveText('15:33');
    await expect(page.locator('[data-place]')).toHaveAttribute('data-place', 'yunhe-04');
    await expect(page.locator('.timelineRow')).toHaveCount(2);
    // From the back row: the times of the strip are as large as a KPI
    const size = await panel
      .locator('.caseTime')
      .first()
      .evaluate((time) => Number.parseFloat(getComputedStyle(time).fontSize));
    expect(size).toBeGreaterThanOrEqual(56);
  });

  test('shows steps that were passed over, and points', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await show(page, 'ticket:T-10');
    await expect(page.locator('.caseStep.done')).toHaveCount(5);
    await expect(page.locator('.caseStep[data-step=close] strong')).toHaveText(/^\+\d+ 分$/);
  });

  test('says so when the ticket has left the board, and when none was named', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    for (const choice of ['ticket:T-99999', 'ticket']) {
      await show(page, choice);
      await expect(page.getByTestId('ticket-case').locator('.emptySentence')).toHaveText('工单已移出看板');
      await expect(page.getByTestId('ticket-case')).not.toHaveAttribute('data-ticket-id', /./);
    }
  });
});

test.describe('own boundaries', () => {
  test('are drawn with the same classes and marks, under their approval number', async ({ page, origin }) => {
    await openStory(page, origin, 'boundaries');
    const map = page.getByTestId('map');
    await expect(map.locator('path.tile')).toHaveCount(9);
    await expect(map.locator('polygon.tile')).toHaveCount(0);
    await expect(map.locator('.legend')).toContainText('审图号 演S(2026)0001号');
    await expect(map.locator('.legend')).not.toContainText('示意图');
    const alert = map.locator('[data-alert-grid=hetang-02]');
    await expect(alert.locator('.alertArea')).toHaveCSS('fill', LEVEL_RED);
    await expect(map.locator('[data-alert-grid=shiqiaonan-03] .alertArea')).toHaveCSS('stroke', LEVEL_RED);
    expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
    for (const scene of ['grid', 'grid:xuzhuang', 'domain-urban']) {
      await show(page, scene);
      await expect(page.locator('path.tile').first()).toBeVisible();
      expect(await page.evaluate(findTextFaults, LEAST_UNITS), scene).toEqual([]);
    }
  });
});
