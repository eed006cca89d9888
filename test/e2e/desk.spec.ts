import { expect, type Page } from '@playwright/test';
import { alertRow, lateTicket, makeOfficer, STAFF_PASSWORD, signIn, typeCredentials } from '../support/deskPage.ts';
import { test } from '../support/hall.ts';

/** Whether an alert's row on the wall reads so, and when it did for the first time (epoch ms, of this machine). */
function watchWallRow(
  wall: Page,
  alertId: string,
  state: string,
): Promise<{ readonly atMs: number; readonly text: string }> {
  return wall.evaluate(
    ([id, wanted]) =>
      new Promise<{ atMs: number; text: string }>((resolve) => {
        const look = () => {
          const row = document.querySelector(`[data-testid=overdue-row][data-alert-id="${id}"]`);
          if (row?.getAttribute('data-state') === wanted) resolve({ atMs: Date.now(), text: row.textContent ?? '' });
          else requestAnimationFrame(look);
        };
        look();
      }),
    [alertId, state] as const,
  );
}

test('with the keyboard alone an officer signs in, opens an alert and acknowledges it; the wall shows it within a second, the name masked', async ({
  server,
  page,
  context,
}) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1');
  const wall = await context.newPage();
  await wall.goto(`${server.url}/wall#token=${await server.wallToken()}`);
  await expect(wall.locator(`[data-testid=overdue-row][data-alert-id="${alertId}"]`)).toBeVisible();

  await page.goto(`${server.url}/desk`);
  await expect(page.locator('input[name=username]')).toBeFocused();
  await page.keyboard.type('zhaojia');
  await page.keyboard.press('Tab');
  await page.keyboard.type(STAFF_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(alertRow(page, alertId)).toHaveAttribute('data-state', 'unacknowledged');

  await page.keyboard.press('ArrowDown');
  await expect(alertRow(page, alertId)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('alert-pane')).toHaveAttribute('data-alert-id', alertId);
  await expect(page.getByTestId('next-check')).toHaveValue(/^\d\d:\d\d$/);
  await page.keyboard.press('2');
  await expect(page.locator('[data-testid=disposition][data-code=onSite]')).toHaveAttribute('aria-checked', 'true');
  await page.keyboard.press('s');
  await page.keyboard.type('建设局 周戊');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(alertRow(page, alertId)).toBeFocused();
  await page.keyboard.press('n');
  await page.keyboard.type('已联系养护组');
  await page.keyboard.press('Escape');

  const seen = watchWallRow(wall, alertId, 'acknowledged');
  const pressedMs = Date.now();
  await page.keyboard.press('a');
  const { atMs, text } = await seen;
  expect(atMs - pressedMs).toBeLessThan(1000);
  expect(text).toContain('赵*');
  expect(text).toMatch(/\d\d:\d\d/);
  expect(text).not.toContain('赵甲');

  await expect(page.getByTestId('held')).toContainText('赵甲');
  await expect(page.getByTestId('held')).toContainText('建设局 周戊');
  await expect(alertRow(page, alertId)).toHaveAttribute('data-state', 'acknowledged');
  const { body } = await server.call('GET', `/alerts/${alertId}`);
  expect(body.alert).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: '赵甲',
    disposition: 'onSite',
    assignTo: '建设局 周戊',
    note: '已联系养护组',
  });
});

test('two officers race: one holds the alert, the other is told by name', async ({ server, browser }) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  await makeOfficer(server, 'qianyi', '钱乙');
  const alertId = await lateTicket(server, 'late-1');
  const desks = await Promise.all(
    ['zhaojia', 'qianyi'].map(async (username) => {
      const page = await (await browser.newContext()).newPage();
      await signIn(page, server, username);
      await alertRow(page, alertId).click();
      await page.locator('[data-testid=disposition][data-code=phoned]').click();
      return page;
    }),
  );
  // Both requests are on their way before either desk has heard of the other's
  let letGo = () => {};
  const bothAsked = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let asked = 0;
  for (const page of desks) {
    await page.route('**/acknowledge', async (route) => {
      asked += 1;
      if (asked === desks.length) letGo();
      await bothAsked;
      await route.continue();
    });
  }
  const answers = desks.map((page) => page.waitForResponse('**/acknowledge').then((answer) => answer.status()));
  await Promise.all(desks.map((page) => page.getByTestId('acknowledge').click()));
  expect((await Promise.all(answers)).sort()).toEqual([200, 409]);
  const { body } = await server.call('GET', `/alerts/${alertId}`);
  const holder = (body.alert as { acknowledgedBy: string }).acknowledgedBy;
  expect(['赵甲', '钱乙']).toContain(holder);
  const loser = desks[holder === '赵甲' ? 1 : 0] as Page;
  for (const page of desks) await expect(page.getByTestId('held')).toContainText(holder);
  await expect(loser.getByTestId('handling-fault')).toContainText(holder);
  for (const page of desks) await page.context().close();
});

test('without the platform nothing can be acknowledged, and the desk says why; with it everything is as it was', async ({
  server,
  page,
}) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1');
  await signIn(page, server, 'zhaojia');
  await alertRow(page, alertId).click();
  await page.locator('[data-testid=disposition][data-code=phoned]').click();
  await page.locator('textarea').fill('已电话催办');
  await expect(page.getByTestId('acknowledge')).toBeEnabled();

  await server.end('SIGKILL');
  await expect(page.getByTestId('desk-offline')).toBeVisible();
  await expect(page.getByTestId('acknowledge')).toBeDisabled();
  await expect(page.getByTestId('handling-fault')).toHaveText(/断开/);
  // The marks stay: old is not gone
  await expect(alertRow(page, alertId)).toHaveAttribute('data-state', 'unacknowledged');
  // What is being written goes on; what would be sent does not
  await page.locator('textarea').press('End');
  await page.keyboard.type('，等回话');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');

  await server.start();
  await expect(page.getByTestId('acknowledge')).toBeEnabled();
  await expect(page.locator('textarea')).toHaveValue('已电话催办，等回话');
  const { body } = await server.call('GET', `/alerts/${alertId}`);
  expect(body.alert).toMatchObject({ state: 'unacknowledged' });
  await page.getByTestId('acknowledge').click();
  await expect(page.getByTestId('held')).toContainText('赵甲');
});

test('wrong passwords are named, then lock for a time that is shown', async ({ server, page }) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  await page.goto(`${server.url}/desk`);
  const fault = page.locator('[data-testid=login] [role=alert]');
  await page.getByRole('button', { name: '登录' }).click();
  await expect(fault).toHaveAttribute('data-fault', 'missing');
  for (let tries = 0; tries < 20; tries += 1) {
    const answered = page.waitForResponse('**/api/v1/session');
    await typeCredentials(page, 'zhaojia', 'not this one');
    if ((await answered).status() === 429) break;
    await expect(fault).toHaveAttribute('data-fault', 'wrong');
  }
  await expect(fault).toHaveAttribute('data-fault', 'locked');
  await expect(fault).toHaveText(/\d+ 分 \d+ 秒/);
  await expect(page.getByRole('button', { name: '登录' })).toBeDisabled();
});

test('an ended session leads to the sign-in and back to the same alert, with what was being written', async ({
  server,
  page,
}) => {
  const accountId = await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1');
  await signIn(page, server, 'zhaojia');
  await alertRow(page, alertId).click();
  await page.locator('textarea').fill('新井盖 16:10 前到场');
  const renewed = 'other words that are long';
  expect((await server.call('PATCH', `/accounts/${accountId}`, { password: renewed })).status).toBe(200);

  await expect(page.getByTestId('login')).toContainText('登录已过期');
  await typeCredentials(page, 'zhaojia', renewed);
  await expect(page.getByTestId('alert-pane')).toHaveAttribute('data-alert-id', alertId);
  await expect(page.locator('textarea')).toHaveValue('新井盖 16:10 前到场');

  await page.getByTestId('account').click();
  await page.getByTestId('sign-out').click();
  await expect(page.getByTestId('login')).toContainText('已退出登录');
  await page.reload();
  await expect(page.getByTestId('login')).toBeVisible();
  await expect(page.getByTestId('desk')).toHaveCount(0);
});

test('an alert is shelved with a reason, given back, and its ticket gets a step', async ({ server, page }) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1');
  await signIn(page, server, 'zhaojia');
  await alertRow(page, alertId).click();

  await page.getByTestId('shelve').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: '搁置', exact: true }).click();
  await expect(dialog.getByRole('alert')).toHaveText('请填写原因');
  await dialog.getByLabel('原因').fill('施工方今日停工');
  await dialog.getByLabel('搁置至').fill('+481');
  await dialog.getByRole('button', { name: '搁置', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('8 小时');
  await dialog.getByLabel('搁置至').fill('+120');
  await dialog.getByRole('button', { name: '搁置', exact: true }).click();
  await expect(alertRow(page, alertId)).toHaveAttribute('data-state', 'shelved');
  await expect(page.getByTestId('alert-pane')).toContainText('施工方今日停工');

  await page.getByTestId('release').click();
  await expect(alertRow(page, alertId)).toHaveAttribute('data-state', 'unacknowledged');

  await page.getByTestId('step').click();
  await dialog.getByLabel('步骤').selectOption('handle');
  await dialog.getByRole('textbox', { name: '备注' }).fill('已劝离');
  await dialog.getByRole('button', { name: '登记' }).click();
  await expect(dialog).toHaveCount(0);
  const { body } = await server.call('GET', '/tickets/late-1');
  expect(body.ticket).toMatchObject({
    status: 'handled',
    steps: [{ step: 'report' }, { step: 'handle', by: '赵甲', note: '已劝离' }],
  });
});

test('a ticket is shown on a wall for some seconds, after a look at how it will be seen there', async ({
  server,
  page,
}) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const alertId = await lateTicket(server, 'late-1', { title: '居民张三丰反映占道', description: '联系人张三丰' });
  const wallToken = await server.wallToken();
  const wall = await page.context().newPage();
  await wall.goto(`${server.url}/wall#token=${wallToken}`);
  await expect(wall.getByTestId('wall')).toHaveAttribute('data-feed', 'live');
  await signIn(page, server, 'zhaojia');
  await alertRow(page, alertId).click();
  await page.getByTestId('spotlight').click();
  const preview = page.getByTestId('spotlight-preview');
  await expect(preview).toContainText('占道');
  await expect(preview).not.toContainText('张三丰');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('显示秒数').fill('30');
  await dialog.getByRole('button', { name: '上屏', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(wall.getByTestId('wall')).toHaveAttribute('data-scene', /^ticket/);
});

test('who may only look is told so', async ({ server, page }) => {
  await makeOfficer(server, 'sunbing', '孙丙', 'viewer');
  const alertId = await lateTicket(server, 'late-1');
  await signIn(page, server, 'sunbing');
  await alertRow(page, alertId).click();
  await expect(page.getByTestId('acknowledge')).toBeDisabled();
  await expect(page.getByTestId('handling-fault')).toContainText('只能查看');
  await expect(page.getByRole('tab', { name: '操作记录' })).toHaveCount(0);
});

test('a group of a flood is acknowledged from the list of its members, each by a request of its own', async ({
  server,
  page,
}) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  const ids: string[] = [];
  for (let i = 0; i < 12; i += 1) ids.push(await lateTicket(server, `late-${i}`, { lateMinutes: 2 + i }));
  await signIn(page, server, 'zhaojia');
  const group = page.getByTestId('alert-group').first();
  await expect(group).toContainText('12 / 12');
  await group.click();
  const members = page.getByTestId('group-member');
  await expect(members).toHaveCount(12);
  // One that is not meant is left out
  await members.last().getByRole('checkbox').uncheck();
  const leftOut = await members.last().getAttribute('data-alert-id');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(decodeURIComponent(new URL(request.url()).pathname));
  });
  await page.getByTestId('group-acknowledge').click();
  await expect(page.getByTestId('group-pane').getByRole('alert')).toContainText('处置意见');
  expect(asked).toEqual([]);
  await page.locator('[data-testid=disposition][data-code=onSite]').click();
  await page.getByTestId('group-acknowledge').click();
  await expect(page.locator('[data-testid=group-member][data-state=acknowledged]')).toHaveCount(11);
  const taken = ids.filter((id) => id !== leftOut);
  expect(asked.sort()).toEqual(taken.map((id) => `/api/v1/alerts/${id}/acknowledge`).sort());
  expect((await server.call('GET', `/alerts/${leftOut}`)).body.alert).toMatchObject({ state: 'unacknowledged' });
});

test('an administrator reads who did what', async ({ server, page }) => {
  await makeOfficer(server, 'weixin', '卫新', 'admin');
  await signIn(page, server, 'weixin');
  await page.getByRole('tab', { name: '操作记录' }).click();
  await expect(page.locator('[data-testid=audit-row][data-kind=signedIn]').first()).toContainText('weixin');
  await page.getByLabel('类型').selectOption('accountCreated');
  await expect(page.locator('[data-testid=audit-row]').first()).toHaveAttribute('data-kind', 'accountCreated');
  await expect(page.locator('[data-testid=audit-row][data-kind=signedIn]')).toHaveCount(0);
  // The place stands in the address
  await page.reload();
  await expect(page.getByTestId('audit')).toBeVisible();
});

test('an officer chooses a new password, language and theme', async ({ server, page }) => {
  await makeOfficer(server, 'zhaojia', '赵甲');
  await signIn(page, server, 'zhaojia');
  await page.getByTestId('account').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '深色' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await dialog.getByText('修改密码').click();
  await dialog.getByLabel('当前密码').fill('not this one');
  await dialog.getByLabel('新密码', { exact: true }).fill('quite another phrase');
  await dialog.getByLabel('再输一次新密码').fill('quite another phrase');
  await dialog.getByRole('button', { name: '修改', exact: true }).click();
  await expect(page.getByTestId('password-said')).toHaveText('当前密码不正确');
  await dialog.getByLabel('当前密码').fill(STAFF_PASSWORD);
  await dialog.getByRole('button', { name: '修改', exact: true }).click();
  await expect(page.getByTestId('password-said')).toContainText('密码已修改');
  // The desk goes on under the new session
  await expect(page.getByTestId('desk')).toHaveAttribute('data-feed', 'live');
  await dialog.getByRole('radio', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(dialog.getByRole('heading')).toHaveText('Account and settings');
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Duty console');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
