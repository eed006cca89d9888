import { test as base, expect, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { storiesConfig } from './storiesConfig.ts';

export interface StoryOptions {
  readonly language?: 'zh-CN' | 'en';
  /** Stories stand still unless they are about movement. */
  readonly motion?: boolean;
}

/** The stories' page, built once and served for as long as the worker runs. */
export const test = base.extend<object, { readonly origin: string }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
    async ({}, use) => {
      await build(storiesConfig);
      const server = await preview(storiesConfig);
      await use(server.resolvedUrls?.local[0] ?? '');
      await server.close();
    },
    { scope: 'worker' },
  ],
});

/**
 * Opens a story and waits until its fonts are there and its charts are painted.
 * @returns faults of the page as they come: errors, warnings, requests to anywhere else
 */
export async function openStory(
  page: Page,
  origin: string,
  story: string,
  { language = 'zh-CN', motion = false }: StoryOptions = {},
): Promise<string[]> {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) faults.push(`asks ${request.url()}`);
  });
  await page.goto(`${origin}stories.html?story=${story}&lang=${language}&motion=${motion ? 'full' : 'reduce'}`);
  await expect(page.locator('main')).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  await page.evaluate(() => chartsPainted());
  return faults;
}
