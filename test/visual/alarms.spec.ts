import { expect, type Page } from '@playwright/test';
import { openStory, test } from './storyPage.ts';
import { findTextFaults } from './textFaults.ts';

const LEAST_UNITS = 18;
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;
const STORIES = [
  'acknowledged',
  'checkMissed',
  'shelved',
  'closedUnseen',
  'released',
  'flood',
  'floodCriticals',
  'floodOver',
  'systemFault',
  'silenced',
  'criticalStrip',
] as const;

declare function criticalsSeen(): { seen: number; onScreen: number; longestAwayMs: number };

/** Notes in the page itself how long each unacknowledged critical is away between two times on screen, by its own clock. */
function watchCriticals() {
  const selector = '[data-testid=overdue-row][data-severity=critical][data-state=unacknowledged]';
  const beganMs = performance.now();
  const awaySinceMs = new Map<string, number>();
  let onScreen = new Set<string>();
  let longestAwayMs = 0;
  const seen = new Set<string>();
  const look = () => {
    const now = performance.now();
    const ids = new Set(
      [...document.querySelectorAll(selector)].map((row) => row.getAttribute('data-alert-id') as string),
    );
    for (const id of onScreen) if (!ids.has(id)) awaySinceMs.set(id, now);
    for (const id of ids) {
      seen.add(id);
      if (!onScreen.has(id)) longestAwayMs = Math.max(longestAwayMs, now - (awaySinceMs.get(id) ?? beganMs));
      awaySinceMs.delete(id);
    }
    onScreen = ids;
  };
  look();
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  Object.assign(window, {
    criticalsSeen() {
      const now = performance.now();
      for (const sinceMs of awaySinceMs.values()) longestAwayMs = Math.max(longestAwayMs, now - sinceMs);
      return { seen: seen.size, onScreen: onScreen.size, longestAwayMs };
    },
  });
}

for (const size of SIZES) {
  test.describe(`alarms at ${size.width} × ${size.height}`, () => {
    test.use({ viewport: size });
    for (const story of STORIES) {
      test(`${story}: every text is large enough, whole and by itself`, async ({ page, origin }) => {
        const faults = await openStory(page, origin, story);
        expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
        await openStory(page, origin, story, { language: 'en' });
        expect(await page.evaluate(findTextFaults, LEAST_UNITS)).toEqual([]);
        expect(faults).toEqual([]);
      });
    }
  });
}

test.describe('alarms', () => {
  test.use({ viewport: SIZES[0] });

  const rows = (page: Page) => page.getByTestId('overdue').getByTestId('overdue-row');
  const counts = async (page: Page, selector: string) => {
    const texts = await page.locator(selector).allInnerTexts();
    return texts.reduce((sum, text) => sum + Number(text), 0);
  };

  test('say who has them: the rung of the ladder, or the officer and when', async ({ page, origin }) => {
    await openStory(page, origin, 'normal');
    await expect(rows(page)).toHaveCount(6);
    const red = rows(page).first();
    await expect(red).toHaveAttribute('data-state', 'unacknowledged');
    await expect(red.locator('.rung')).toHaveText('社区');
    await expect(red).toHaveAttribute('title', /^已过时限 2026-03-18 \d\d:\d\d/);
    await expect(red.locator('.alertMark')).toHaveClass(/filled/);
    await expect(red).toContainText('未确认');
    const held = page.locator('[data-testid=overdue-row][data-state=acknowledged]');
    await expect(held).toHaveCount(3);
    await expect(held.first()).toContainText('赵* 15:36');
    await expect(held.first().locator('.alertMark')).toHaveClass(/hollow/);
    await expect(page.locator('.mapAlert.acknowledged')).toHaveCount(3);
    await expect(page.locator('.mapAlert.unacknowledged')).toHaveCount(3);
  });

  test('come back when the check is missed, and stand at the end while shelved', async ({ page, origin }) => {
    await openStory(page, origin, 'checkMissed');
    const lapsed = rows(page).filter({ hasText: '复查超时' });
    await expect(lapsed).toHaveAttribute('data-state', 'unacknowledged');
    await expect(lapsed.locator('.againMark')).toBeVisible();
    await expect(rows(page).filter({ hasText: '占道经营' }).locator('.rung')).toHaveText('区');
    await openStory(page, origin, 'shelved');
    await expect(rows(page).last()).toContainText('搁置至 18:00 孙*');
    await expect(rows(page).last().locator('.alertMark')).toHaveClass(/paused/);
    await openStory(page, origin, 'closedUnseen');
    await expect(rows(page).nth(1)).toContainText('已结案 待确认');
    await expect(rows(page).nth(1).locator('.alertMark')).toHaveClass(/dashed/);
  });

  test('count the same in the list, the stages, the domains and the groups of a flood', async ({ page, origin }) => {
    for (const story of ['normal', 'flood'] as const) {
      await openStory(page, origin, story);
      for (const level of ['critical', 'high'] as const) {
        const all = await counts(page, `.overduePanel > .panelHeader .alertCount.${level}`);
        expect(all).toBeGreaterThan(0);
        expect(await counts(page, `.stageLabel .alertCount.${level}`)).toBe(all);
        expect(await counts(page, `.domainHeader .alertCount.${level}`)).toBe(all);
        if (story === 'flood') expect(await counts(page, `.floodGroup .alertCount.${level}`)).toBe(all);
      }
    }
  });

  test('become groups in a flood, each alert a tick, and badges on the map that collide with nothing', async ({
    page,
    origin,
  }) => {
    await openStory(page, origin, 'flood');
    const groups = page.getByTestId('flood-group');
    expect(await groups.count()).toBeLessThanOrEqual(6);
    for (const group of await groups.all()) {
      await expect(group.locator('.floodTicks i')).toHaveCount(Number(await group.getAttribute('data-count')));
    }
    await expect(page.locator('.floodFirst')).toContainText('首发15:29荷塘村-03 道路积水');
    await expect(page.locator('.floodBadge').filter({ hasText: '道路积水' })).toBeVisible();
    const boxes = await page.locator('.floodBadge, .mapAlert, .town, .legendRow').evaluateAll((elements) =>
      elements.map((element) => ({
        badge: element.classList.contains('floodBadge'),
        box: element.getBoundingClientRect().toJSON() as DOMRect,
      })),
    );
    for (const [i, one] of boxes.entries()) {
      for (const other of boxes.slice(i + 1)) {
        if (!one.badge && !other.badge) continue;
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        expect(across > 1 && down > 1).toBe(false);
      }
    }
    await expect(page.locator('.panel', { hasText: '部门按期办结率' })).toHaveCount(0);
    await openStory(page, origin, 'floodOver');
    await expect(page.locator('.floodBox.over')).toBeVisible();
  });

  for (const [story, criticals] of [
    ['turns', undefined],
    ['floodTurns', 41],
    ['stripTurns', 41],
  ] as const) {
    test(`${story}: every unacknowledged critical is on screen within 20 s, and again`, async ({ page, origin }) => {
      await page.clock.install();
      await openStory(page, origin, story);
      const total = criticals ?? (await counts(page, '.overduePanel > .panelHeader .alertCount.critical'));
      await page.evaluate(watchCriticals);
      await page.clock.runFor(60_000);
      const { seen, onScreen, longestAwayMs } = await page.evaluate(() => criticalsSeen());
      expect(seen).toBe(total);
      expect(onScreen).toBeLessThan(total);
      expect(longestAwayMs).toBeGreaterThan(0);
      expect(longestAwayMs).toBeLessThanOrEqual(20_000);
    });
  }

  test('of the system stand in a violet lane of their own', async ({ page, origin }) => {
    await openStory(page, origin, 'systemFault');
    const lane = page.getByTestId('system-lane');
    await expect(lane).toContainText('磁盘空间不足3分未确认');
    await expect(lane).toContainText('系统时钟跳变26分赵* 已确认');
    const fault = (subject: string) => lane.locator(`[data-alert-id="systemFault:${subject}"]`);
    await expect(fault('clock')).toHaveAttribute('data-state', 'acknowledged');
    await expect(fault('clock')).toHaveAttribute('title', '系统时钟跳变 7 秒');
    await expect(fault('disk')).toHaveAttribute('title', '数据盘仅剩 812 兆字节');
    await expect(page.locator('[data-testid=overdue-row][data-alert-id^=systemFault]')).toHaveCount(0);
    await openStory(page, origin, 'normal');
    await expect(page.getByTestId('system-lane')).toHaveCount(0);
  });

  test('say in the header that they cannot be heard', async ({ page, origin }) => {
    await openStory(page, origin, 'silenced');
    await expect(page.getByTestId('sound')).toHaveText('声音未开启');
    await openStory(page, origin, 'normal');
    await expect(page.getByTestId('sound')).toHaveCount(0);
  });
});
