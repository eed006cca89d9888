import { expect } from '@playwright/test';
import { test } from '../support/hall.ts';

test('a wall shows what the desk asks for, and a ticket for as long as it was put there', async ({ server, page }) => {
  const created = await server.call('POST', '/clients', { name: 'hall', kind: 'wall' });
  const { id, token } = created.body as { id: string; token: string };
  await page.goto(`${server.url}/wall#token=${token}`);
  const wall = page.getByTestId('wall');
  await expect(wall).toHaveAttribute('data-feed', 'live');
  await expect(wall).toHaveAttribute('data-scene', 'dispatch');

  const scene = async (asked: string | null) => {
    expect((await server.call('PUT', `/walls/${id}/scene`, { scene: asked })).status).toBe(200);
  };
  await scene('domain-urban');
  await expect(wall).toHaveAttribute('data-scene', 'domain-urban');
  await page.reload();
  // A wall that comes back shows what it was told
  await expect(wall).toHaveAttribute('data-scene', 'domain-urban');

  const reported = await server.call('POST', '/tickets', {
    source: '12345',
    category: 'litter',
    title: '荷韵花园垃圾桶满溢',
    description: '联系人王小明 13812345678',
    location: { gridId: 'heyun-03' },
  });
  const ticket = reported.body.ticket as { id: string; number: string };
  const put = await server.call('PUT', `/walls/${id}/spotlight`, { ticketId: ticket.number, seconds: 4 });
  expect(put.status).toBe(200);
  await expect(wall).toHaveAttribute('data-scene', 'ticket');
  await expect(wall).toContainText('荷韵花园垃圾桶满溢');
  await expect(wall).toContainText('上屏');
  await expect(wall).not.toContainText('王小明');
  await expect(wall).toHaveAttribute('data-scene', 'domain-urban');
  await expect(wall).not.toContainText('上屏');

  await scene(null);
  await expect(wall).toHaveAttribute('data-scene', 'dispatch');
  const { items } = (await server.call('GET', '/walls')).body as { items: { id: string }[] };
  expect(items.find((one) => one.id === id)).toMatchObject({
    connected: true,
    scene: null,
    spotlight: null,
    windows: [{ screens: [{ width: 1280, height: 720, scale: 1 }] }],
  });
});
