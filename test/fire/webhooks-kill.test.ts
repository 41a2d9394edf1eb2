import { expect } from 'chai';
import { addEndpoint, WebhookAttemptSchema, WebhookDeliverySchema } from '../../src/domain/webhooks/index.ts';
import { systemChance, systemRuntime } from '../../src/kernel/index.ts';
import { dnsResolver, guardedHttpPort, makeHttpPort, makeNetworks } from '../../src/platform/http/index.ts';
import { silentLog } from '../../src/platform/log/index.ts';
import { makeSealing } from '../../src/platform/sealing/index.ts';
import { newAccount } from '../support/dial.ts';
import { type MortalService, startMortalService } from '../support/kill.ts';
import { eventually } from '../support/service-eventually.ts';
import { embeddedStores, type StorePair, serverStores } from '../support/stores.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const DATA_KEY = Buffer.from('00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff', 'hex');

const HOUSES: [string, () => Promise<StorePair | undefined>, { split: boolean }][] = [
  ['the whole service, embedded stores', embeddedStores, { split: false }],
  ['a worker, MariaDB and Redis', serverStores, { split: true }],
];

for (const [house, openStores, options] of HOUSES) {
  describe(`kill -9 between a webhook and its answer (${house})`, function () {
    this.timeout(120_000);
    let stores: StorePair | undefined;
    let town: MortalService;
    let receiver: Receiver;
    before(async function () {
      stores = await openStores();
      if (!stores) return this.skip();
      receiver = await startReceiver();
      const env = { WEBHOOK_ALLOW_NETWORKS: '127.0.0.0/8', WEBHOOK_TIMEOUT_MS: '1000' };
      town = await startMortalService(stores, { ...options, env });
    });
    after(async () => {
      await town?.stop();
      await receiver?.stop();
      await stores?.drop();
    });

    it('sends it again under the same webhook-id, and keeps both attempts', async () => {
      const { database } = town.books;
      const http = makeHttpPort(systemRuntime);
      await addEndpoint(
        {
          runtime: systemRuntime,
          database,
          sealing: makeSealing(DATA_KEY, systemChance),
          log: silentLog,
          webhookHttp: guardedHttpPort({
            clock: systemRuntime.clock,
            http,
            resolve: dnsResolver(),
            allowed: makeNetworks(['127.0.0.0/8']),
          }),
          webhookSettings: { timeoutMs: 1_000, rotationMs: 0, perEndpoint: 1, atOnce: 1, pollMs: 100 },
        },
        {
          ownerKind: 'biller',
          ownerId: 'maji-water',
          url: receiver.url,
          eventTypes: ['payment.posted'],
          actor: 'test',
        },
      );
      http.close();
      // The receiver has it, and its sender dies before it hears so.
      let killed: Promise<void> | undefined;
      receiver.answer = () => {
        killed ??= town.victim.kill();
      };
      const jane = await town.phone();
      await jane.pays({ biller: 2, account: newAccount(), amount: 500 });
      await eventually('the webhook came', () => expect(receiver.received).to.have.length(1));
      await killed;
      receiver.answer = (response) => response.writeHead(200).end();
      await town.victim.start();
      await eventually('it came again', () => expect(receiver.received).to.have.length(2));
      expect(receiver.received[1]?.id).to.equal(receiver.received[0]?.id);
      expect(receiver.received[1]?.body).to.equal(receiver.received[0]?.body);
      await eventually('it is delivered', async () => {
        const [delivery] = await database.reader.find(WebhookDeliverySchema);
        expect(delivery).to.include({ state: 'delivered', attempts: 2 });
      });
      const attempts = await database.reader.find(WebhookAttemptSchema, { order: { attempt: 'ASC' } });
      expect(attempts.map(({ status }) => status)).to.deep.equal([null, 200]);
      expect(attempts[0]?.durationMs).to.equal(null);
      await jane.gets('paid KES 500.00');
      await town.books.expectSound(town.control);
    });
  });
}
