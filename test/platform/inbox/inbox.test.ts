import { expect } from 'chai';
import { schema } from '../../../ormconfig.ts';
import { systemRuntime } from '../../../src/kernel/index.ts';
import { type Database, openDatabase } from '../../../src/platform/database/index.ts';
import { InboxEventSchema, inboxTopic, makeInbox } from '../../../src/platform/inbox/index.ts';
import { makeOutbox, OutboxRowSchema } from '../../../src/platform/outbox/index.ts';
import { describeOnStores } from '../../support/stores.ts';

describeOnStores('the inbox', (stores) => {
  let database: Database;
  before(async () => {
    database = await openDatabase(systemRuntime, stores(), schema);
    await database.migrate();
  });
  after(() => database?.close());

  it('keeps each message once with its work, however many come at once, again and again, by two processes', async () => {
    const one = makeInbox(systemRuntime, database, makeOutbox(systemRuntime, database));
    const other = makeInbox(systemRuntime, database, makeOutbox(systemRuntime, database));
    const messages = Array.from({ length: 30 }, (_, at) => ({
      ...{ provider: at % 3 === 0 ? 'airtel' : 'mpesa', kind: at % 2 === 0 ? 'b2c' : 'stk' },
      ...{ body: `{"n":${at % 10}}`, token: `t${Math.floor(at / 10)}` },
    }));
    const kept = new Map<string, number>();
    const keep = async (inbox: typeof one, at: number) => {
      const { provider, kind, body, token } = messages[at] as (typeof messages)[number];
      const key = `${provider} ${kind} ${body} ${token}`;
      if (await inbox.keep({ provider, kind, body, token })) kept.set(key, (kept.get(key) ?? 0) + 1);
    };
    const places = messages.map((_, at) => at);
    await Promise.all([
      ...places.flatMap((at) => [keep(one, at), keep(other, at)]),
      ...places.map((at) => keep(one, at)),
    ]);
    await Promise.all(places.map((at) => keep(other, at)));
    expect([...kept.values()].every((times) => times === 1)).to.equal(true);
    expect(kept.size).to.equal(messages.length);
    const events = await database.reader.find(InboxEventSchema);
    expect(events).to.have.length(messages.length);
    const works = await database.reader.find(OutboxRowSchema);
    expect(works.map(({ workKey }) => workKey).sort()).to.deep.equal(
      events.map(({ id, provider, kind }) => `${inboxTopic(provider, kind)}:${id}`).sort(),
    );
    const found = await Promise.all([...events.map(({ id }) => one.find(id)), one.find('none')]);
    expect(found.map((event) => event?.body)).to.deep.equal([...events.map(({ body }) => body), undefined]);
  });
});
