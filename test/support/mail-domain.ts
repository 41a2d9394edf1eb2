import { payoutNewsHandlers } from '../../src/domain/payout-news/index.ts';
import { systemClock, systemRuntime } from '../../src/kernel/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { makeSmtpMail } from '../../src/providers/mail/smtp/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { openDomain } from './domain-deps.ts';
import { embeddedStores } from './stores.ts';

const noHttp = {
  request: async () => {
    throw new Error('a test reached for the network');
  },
};

/** A domain on the embedded stores whose mail goes by SMTP to the simulator's server, where it can be read. */
export async function openMailDomain() {
  const stores = await embeddedStores();
  const domain = await openDomain(stores);
  const config = { host: '127.0.0.1', port: 0, smtpPort: 0 };
  const simulator = await startSimulator({ runtime: systemRuntime, log: silentLog, http: noHttp, config });
  const url = `smtp://127.0.0.1:${simulator.smtpPort}`;
  const mail = makeSmtpMail({
    clock: systemClock,
    config: { url, from: 'Malipo <pay@malipo.example>', timeoutMs: 2_000 },
  });
  Object.assign(domain.deps, { mail });
  const news = payoutNewsHandlers({
    ...{ ...domain.deps, mail, defaultLanguage: 'en', publicUrl: 'https://malipo.example' },
    answering: { number: '20384', dial: '*384*123*7#' },
  });
  for (const [topic, handler] of news) domain.handlers.set(topic, handler);
  return {
    domain,
    simulator,
    inbox: () => simulator.core.mailboxes.all(),
    async close() {
      mail.close();
      await simulator.stop();
      await domain.close();
      await stores.drop();
    },
  };
}

export type MailDomain = Awaited<ReturnType<typeof openMailDomain>>;
