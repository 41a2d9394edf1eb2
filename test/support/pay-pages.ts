import type { Page } from 'playwright-core';
import type { PageVisit } from './console-pages.ts';
import { newAccount } from './dial.ts';
import type { TestService } from './service.ts';

/** The page to pay in all that it can show. Whoever pays has a handset of his own for each. */
export function payVisits(town: TestService): PageVisit[] {
  const visit = (name: string, path: string, after?: (page: Page) => Promise<void>): PageVisit => ({
    ...{ name: `pay-${name}`, as: 'stranger', path },
    ...(after ? { after } : {}),
  });
  const confirmed = (answer: 'pay' | 'cancel' | 'ignore', sees: string) => async (page: Page) => {
    const { msisdn, handset } = await town.phone();
    await handset({ answer, delayMs: 20 });
    await fill(page, newAccount(), msisdn);
    await page.getByText('Check and confirm').waitFor();
    await page.locator('main form button').first().click();
    await page.getByText(sees).first().waitFor();
  };
  return [
    visit('form', '/pay?lang=en'),
    visit('wrong', '/pay?lang=en', async (page) => {
      await fill(page, '9991234567', 'nobody');
      await page.locator('[aria-invalid="true"]').first().waitFor();
    }),
    visit('confirm', '/pay?lang=en', async (page) => {
      await fill(page, newAccount(), '0711000099');
      await page.getByText('Check and confirm').waitFor();
    }),
    visit('asking', '/pay?lang=en', confirmed('ignore', 'Enter the M-PESA PIN')),
    visit('paid', '/pay?lang=en', confirmed('pay', 'Paid: Maji Water has it')),
    visit('failed', '/pay?lang=en', confirmed('cancel', 'Nothing was charged')),
    visit('nothing', `/pay/${'A'.repeat(22)}?lang=en`),
    visit('link-gone', '/p/nothing?lang=en'),
  ];
}

async function fill(page: Page, account: string, phone: string): Promise<void> {
  await page.selectOption('#biller', 'maji-water');
  for (const [id, value] of Object.entries({ account, amount: '500', phone })) await page.fill(`#${id}`, value);
  await page.locator('main form button').first().click();
}
