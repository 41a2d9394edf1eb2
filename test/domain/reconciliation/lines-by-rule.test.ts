import { expect } from 'chai';
import { readDetail, reconcileDay, StatementRowSchema } from '../../../src/domain/reconciliation/index.ts';
import { addDays } from '../../../src/kernel/index.ts';
import { applyMovement } from '../../../src/money/transfers/index.ts';
import { type Domain, openDomain } from '../../support/domain-deps.ts';
import { kes } from '../../support/fake-providers.ts';
import type { PlantedFault, PlantedItem } from '../../support/planted-day.ts';
import { openBreaks, plantDay, reconDepsOf, resultsOf } from '../../support/recon-world.ts';
import { describeOnStores } from '../../support/stores.ts';

const DAY = '2027-06-10';
const AMOUNT = 50_000n;
const SOMEBODY_ELSE = '+254711000002';

describeOnStores('a line that names no request of ours', (stores) => {
  let domain: Domain;
  before(async function () {
    this.timeout(60_000);
    domain = await openDomain(stores());
  });
  after(() => domain?.close());
  beforeEach(() => domain.reset());
  afterEach(() => domain.expectSound());

  /** Plants a prompt that is paid and has no receipt, beside one line of its account, amount and time. */
  async function plant(fault: PlantedFault, change: { payer?: string; amountMinor?: bigint } = {}) {
    const { items } = await plantDay(domain, DAY, [{ fault, amountMinor: AMOUNT }]);
    const [item] = items as [PlantedItem];
    const [line] = item.operatorLines;
    const id = line?.id ?? '';
    if (Object.keys(change).length > 0) {
      await domain.deps.database.transaction((tx) => tx.update(StatementRowSchema, { id }, change as object));
    }
    return { transferId: item.transfer?.id ?? '', line: { ...line, ...change } as NonNullable<typeof line> };
  }

  const compare = (asOf = DAY, settings: Parameters<typeof reconDepsOf>[1] = {}) =>
    reconcileDay(reconDepsOf(domain, settings), { day: DAY, asOf }, { signal: new AbortController().signal });

  /** The operator tells the same money once more, by its list and by a confirmation that is late. */
  async function toldAgain({ receipt, reference, account, amountMinor, atMs }: PlantedItem['operatorLines'][number]) {
    const { name, shortCode } = domain.operator;
    const movement = {
      ...{ receipt: receipt ?? '', amount: { amountMinor, currency: 'KES' }, shortCode, completedAtMs: atMs },
      account: reference ?? account ?? '',
    };
    const before = await domain.transfers();
    for (const rank of ['query', 'callback'] as const) {
      await domain.deps.database.transaction((tx) => applyMovement(domain.deps, tx, name, movement, rank));
    }
    expect(await domain.transfers(), 'nothing is booked once more').to.have.length(before.length);
  }

  it('is the prompt’s by a rule, and gives it its receipt: told once more, it is known', async function () {
    this.timeout(60_000);
    const { transferId, line } = await plant('by-rule');
    await compare();
    expect((await resultsOf(domain, DAY)).get(transferId)).to.include({
      ...{ resultSet: 'agrees', operatorRule: 'same-account-15-minutes', operatorLineId: line.id },
    });
    expect(await domain.transfer({ id: transferId })).to.include({ receipt: line.receipt, completedAtMs: line.atMs });
    await toldAgain(line);
    await domain.runOutbox();
    expect((await domain.payment({ transferId })).operatorReceipt).to.equal(line.receipt);
    // The next version finds it by its receipt, as any other.
    await compare(addDays(DAY, 2));
    expect((await resultsOf(domain, DAY)).get(transferId)).to.include({ resultSet: 'agrees', operatorRule: 'receipt' });
    expect(await openBreaks(domain)).to.deep.equal([]);
    expect(await domain.balanceOf('float:mpesa'), 'the prompt had been booked before').to.equal(0n);
  });

  for (const [what, fault, change] of [
    ['names an account where a request would stand', 'by-hand', {}],
    ['was paid by somebody else', 'by-rule', { payer: SOMEBODY_ELSE }],
  ] as const) {
    it(`is money of its own when it ${what}: booked once, and the prompt is a person’s`, async function () {
      this.timeout(60_000);
      const { transferId, line } = await plant(fault, change);
      await compare();
      const own = await domain.transfer({ receipt: line.receipt ?? '' });
      expect(own).to.include({ route: 'paybill', evidenceRank: 'statement', amountMinor: AMOUNT });
      expect(await domain.transfer({ id: transferId })).to.include({ receipt: null });
      await toldAgain(line);
      expect(await domain.balanceOf('float:mpesa')).to.equal(AMOUNT);
      await compare(addDays(DAY, 2));
      const breaks = (await openBreaks(domain)).map(({ breakType, subjectId }) => [breakType, subjectId]);
      expect(breaks).to.deep.include(['missing-at-operator', transferId]);
    });
  }

  it('that names our request and another amount, within the tolerance too, is a person’s', async function () {
    this.timeout(60_000);
    const { transferId } = await plant('no-receipt', { amountMinor: AMOUNT + 50n });
    await compare(DAY, { toleranceMinor: 100n });
    const breaks = await openBreaks(domain);
    expect(breaks.map(({ breakType, subjectId }) => [breakType, subjectId])).to.deep.include([
      'differs-at-operator',
      transferId,
    ]);
    // Kept as amounts, so that a page can tell it in its reader's language.
    const said = breaks.map(({ detail }) => readDetail(detail));
    expect(said[0]).to.deep.include({
      sums: [
        { who: 'we', amount: kes(500) },
        { who: 'operator', amount: { ...kes(500), amountMinor: AMOUNT + 50n } },
        { who: 'biller', amount: kes(500) },
      ],
    });
    expect(await domain.transfers(), 'nothing is booked').to.have.length(1);
  });
});
