import type { Browser, Page } from 'playwright-core';

export interface HandsetOptions {
  msisdn?: string;
  network?: string;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
}

/** The handset's page as a person uses it: keys pressed, screens read. */
export interface Handset {
  readonly page: Page;
  /** What the page complained of: errors of scripts, blocked content, failed requests. */
  readonly complaints: string[];
  /** Types on the keyboard and presses Enter. */
  send(text: string): Promise<void>;
  /** Clicks the phone's own keys: `1`, `*`, `call`, `soft-left` and so on. */
  click(...keys: string[]): Promise<void>;
  press(key: string): Promise<void>;
  /** Waits until the phone's display shows this text. */
  sees(text: string | RegExp): Promise<string>;
  /** Waits until an element beside the phone shows this text. */
  shows(id: string, text: string | RegExp): Promise<void>;
  close(): Promise<void>;
}

/** Only what fails waits so long: a busy machine draws late. */
const PATIENCE_MS = 15_000;

export async function openHandset(
  browser: Browser,
  simulatorUrl: string,
  options: HandsetOptions = {},
): Promise<Handset> {
  const { msisdn = '+254711000001', network = 'safaricom', viewport, colorScheme } = options;
  const page = await browser.newPage({
    viewport: viewport ?? { width: 1280, height: 860 },
    ...(colorScheme && { colorScheme }),
  });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(`${simulatorUrl}/handset?msisdn=${encodeURIComponent(msisdn)}&network=${network}`);
  await page.locator('#bars[data-line="up"]').waitFor();
  const waitForText = async (selector: string, text: string | RegExp) => {
    const located = page.locator(selector).filter({ hasText: text });
    await located
      .first()
      .waitFor({ state: 'visible', timeout: PATIENCE_MS })
      .catch(async () => {
        throw new Error(`${selector} shows ${JSON.stringify(await page.locator(selector).textContent())}, not ${text}`);
      });
  };
  return {
    page,
    complaints,
    async send(text) {
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    async click(...keys) {
      for (const key of keys) await page.locator(`[data-key="${key}"]`).click();
    },
    press: (key) => page.keyboard.press(key),
    async sees(text) {
      await waitForText('#lcd', text);
      return (await page.locator('#screen').textContent()) ?? '';
    },
    shows: (id, text) => waitForText(`#${id}`, text),
    close: () => page.close(),
  };
}
