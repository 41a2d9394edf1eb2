import type { Payment } from '../../src/domain/payments/index.ts';
import type { ResultSet, StatementRow } from '../../src/domain/reconciliation/index.ts';
import type { Msisdn } from '../../src/kernel/index.ts';
import { addDays, dayWindow, newReference, type Runtime } from '../../src/kernel/index.ts';
import type { Transfer } from '../../src/money/transfers/index.ts';

/** What can be wrong with one payment of a day, or right although it looks odd. */
export const FAULTS = [
  'agrees',
  'missing-at-operator',
  'missing-at-biller',
  'missing-here',
  'biller-only',
  'biller-other-way',
  'differs-at-operator',
  'differs-at-biller',
  'account-differs',
  'twice-at-operator',
  'twice-at-biller',
  'second-money',
  'reversed',
  'payout',
  'unknown-decided',
  'failed-after-all',
  'unknown-absent',
  'booked-next-day',
  'no-receipt',
  'by-rule',
  'by-hand',
  'suspense',
] as const;
export type PlantedFault = (typeof FAULTS)[number];

/** Where a thing must be found: in the first night, and when the wait is over. */
export interface Truth {
  fault: PlantedFault;
  /** Id of the result: a transfer's or a line's. */
  id: string;
  first: ResultSet | undefined;
  /** Undefined: evidence has made it part of another thing, or of none. */
  last: ResultSet | undefined;
  /** Type of its break once the wait is over. */
  breakType: string | undefined;
}

export interface PlantedItem {
  transfer?: Transfer;
  payment?: Payment;
  operatorLines: StatementRow[];
  billerLines: StatementRow[];
  /** In the biller's statement of the day after. */
  nextDayBillerLines: StatementRow[];
  truths: Truth[];
}

export interface PlantedPlace {
  runtime: Runtime;
  day: string;
  timeZone: string;
  operator: string;
  billerId: string;
  account: string;
  statementIds: { operator: string; biller: string; nextBiller: string };
}

const payer = '+254711000001' as Msisdn;

/** A receipt as M-PESA's are: ten characters that grow with time. */
const receiptOf = (day: string, number: number): string =>
  `T${day.slice(2, 4)}${(Number(day.slice(5, 7)) * 31 + Number(day.slice(8))).toString(36).padStart(2, '0')}${number.toString(36).padStart(5, '0')}`.toUpperCase();

/** One thing of a generated day with everything that the three books say of it, and what must be found. */
export function plantItem(
  place: PlantedPlace,
  number: number,
  count: number,
  fault: PlantedFault,
  amountMinor: bigint,
) {
  const { fromMs, toMs } = dayWindow(place.day, place.timeZone);
  // The first minute and the last hour are left out: what belongs together lies on one day.
  const atMs = fromMs + 60_000 + Math.floor(((toMs - fromMs - 3_660_000) * number) / count);
  return new Planting(place, atMs, receiptOf(place.day, number), amountMinor).plant(fault, number);
}

class Planting {
  private readonly item: PlantedItem = { operatorLines: [], billerLines: [], nextDayBillerLines: [], truths: [] };
  private readonly place: PlantedPlace;
  private readonly atMs: number;
  private readonly receipt: string;
  private readonly amountMinor: bigint;
  private readonly reference: string;

  constructor(place: PlantedPlace, atMs: number, receipt: string, amountMinor: bigint) {
    this.place = place;
    this.atMs = atMs;
    this.receipt = receipt;
    this.amountMinor = amountMinor;
    this.reference = newReference(place.runtime.chance);
  }

  plant(fault: PlantedFault, number: number): PlantedItem {
    const { item, amountMinor, place } = this;
    const truth = (id: string, first: ResultSet | undefined, last: ResultSet | undefined, breakType?: string) =>
      item.truths.push({ fault, id, first, last, breakType });
    const ours = (change: Partial<Transfer> = {}, payment: Partial<Payment> = {}) => this.ours(change, payment);
    switch (fault) {
      case 'agrees':
        truth(ours(), 'agrees', 'agrees');
        this.operatorLine();
        this.billerLine();
        break;
      case 'missing-at-operator':
        truth(ours(), 'late', 'missing-at-operator', 'missing-at-operator');
        this.billerLine();
        break;
      case 'missing-at-biller':
        truth(ours(), 'late', 'missing-at-biller', 'missing-at-biller');
        this.operatorLine();
        break;
      case 'missing-here':
        truth(this.operatorLine({ reference: place.account, account: place.account }), 'missing-here', undefined);
        break;
      case 'biller-only':
        truth(this.billerLine(), 'late', 'missing-here', 'missing-here');
        break;
      case 'biller-other-way':
        truth(this.billerLine({ reference: `BANK${number}` }), 'not-ours', 'not-ours');
        break;
      case 'differs-at-operator':
        truth(ours(), 'differs', 'differs', 'differs-at-operator');
        this.operatorLine({ amountMinor: amountMinor + 100n });
        this.billerLine();
        break;
      case 'differs-at-biller':
        truth(ours(), 'differs', 'differs', 'differs-at-biller');
        this.operatorLine();
        this.billerLine({ amountMinor: amountMinor - 1n });
        break;
      case 'account-differs':
        truth(ours(), 'differs', 'differs', 'differs-at-biller');
        this.operatorLine();
        this.billerLine({ account: '999' });
        break;
      case 'twice-at-operator':
        truth(ours(), 'twice', 'twice', 'twice-at-operator');
        this.operatorLine();
        this.operatorLine({ detail: 'again' });
        this.billerLine();
        break;
      case 'twice-at-biller':
        truth(ours(), 'twice', 'twice', 'twice-at-biller');
        this.operatorLine();
        this.billerLine();
        this.billerLine({ receipt: `MW-${this.reference}-2` });
        break;
      case 'second-money':
        truth(ours(), 'agrees', 'agrees');
        this.operatorLine();
        this.billerLine();
        truth(this.operatorLine({ receipt: `${this.receipt}X` }), 'missing-here', undefined);
        break;
      case 'reversed':
        // The biller is asked to cancel, and leaves it out of the statement or not: both are right.
        truth(ours(), 'agrees', 'agrees');
        this.operatorLine();
        this.billerLine();
        truth(this.reversalLine(), 'reversed', 'reversed');
        break;
      case 'payout':
        truth(this.operatorLine({ lineKind: 'payout', amountMinor: -amountMinor }), 'not-ours', 'not-ours', 'not-ours');
        break;
      case 'unknown-decided':
        truth(this.undecided('unknown'), 'late', 'agrees');
        truth(this.operatorLine(), 'missing-here', undefined);
        this.billerLine({}, true);
        break;
      case 'failed-after-all':
        truth(this.undecided('failed'), undefined, 'agrees');
        truth(this.operatorLine(), 'missing-here', undefined);
        this.billerLine({}, true);
        break;
      case 'unknown-absent':
        truth(this.undecided('unknown'), 'late', 'late');
        break;
      case 'booked-next-day':
        truth(ours(), 'late', 'agrees');
        this.operatorLine();
        this.billerLine({}, true);
        break;
      case 'no-receipt':
        truth(ours({ receipt: null }), 'agrees', 'agrees');
        this.operatorLine();
        this.billerLine();
        break;
      case 'by-rule':
        truth(ours({ receipt: null }, { account: `7${number}` }), 'agrees', 'agrees');
        this.operatorLine({ reference: null, account: `7${number}` });
        this.billerLine({ account: `7${number}` });
        break;
      case 'by-hand':
        // A prompt that a query called paid, and a line that names the account as one does who pays by himself.
        truth(
          ours({ receipt: null, evidenceRank: 'query' }, { account: `8${number}` }),
          'late',
          'missing-at-operator',
          'missing-at-operator',
        );
        this.billerLine({ account: `8${number}` });
        truth(this.operatorLine({ reference: `8${number}`, account: `8${number}` }), 'missing-here', undefined);
        break;
      case 'suspense':
        truth(ours({}, { state: 'suspense' }), 'agrees', 'agrees');
        this.operatorLine();
        break;
    }
    return item;
  }

  private ours(change: Partial<Transfer>, payment: Partial<Payment>): string {
    const { runtime, billerId, account } = this.place;
    const id = runtime.ids.next();
    const paymentId = runtime.ids.next();
    const { amountMinor, reference, atMs, receipt } = this;
    const money = { amountMinor, currency: 'KES' };
    const transfer: Transfer = {
      ...{ id, operator: this.place.operator, route: 'prompt', reference, callbackToken: id, purpose: 'payment' },
      ...{ purposeId: paymentId, ...money, payer, maskedPayer: null, payerName: null, paybillAccount: null },
      ...{ state: 'succeeded', checkoutRequestId: null, merchantRequestId: null, receipt, resultCode: '0' },
      ...{ ownAccountId: null, ownShortCode: null },
      ...{ resultDescription: null, failureCause: null, evidenceRank: 'callback', statusConversationId: null },
      ...{ createdAtMs: atMs - 20_000, submittedAtMs: atMs - 15_000, settledAtMs: atMs + 500, completedAtMs: atMs },
      ...change,
    };
    this.item.transfer = transfer;
    this.item.payment = {
      ...{
        id: paymentId,
        reference,
        channel: 'ussd',
        requestKey: id,
        sessionKey: null,
        dialogId: null,
        billerId,
        account,
      },
      ...{ holder: 'J*** W******', ...money, dialler: payer, payer, language: 'en', state: 'posted', reason: null },
      ...{ transferId: id, operatorReceipt: transfer.receipt, billerReference: `MW-${reference}`, units: null },
      ...{ balanceMinor: null, debtTakenMinor: null, postingSinceMs: atMs, createdAtMs: atMs - 20_000 },
      ...{ collectedAtMs: atMs, postedAtMs: atMs + 2_000 },
      ...payment,
    } as Payment;
    return id;
  }

  private undecided(state: 'unknown' | 'failed'): string {
    const never = { receipt: null, settledAtMs: null, completedAtMs: null, resultCode: 'none', evidenceRank: null };
    const isNot = { collectedAtMs: null, postedAtMs: null, postingSinceMs: null, billerReference: null };
    return this.ours(
      { ...never, state },
      { ...isNot, operatorReceipt: null, state: state === 'failed' ? 'failed' : 'prompting' },
    );
  }

  private line(change: Partial<StatementRow>): StatementRow {
    const id = this.place.runtime.ids.next();
    return {
      ...{ id, statementId: '', side: 'operator', party: this.place.operator, lineNo: 1, lineKey: id },
      ...{ lineState: 'accepted', lineKind: 'payment', day: this.place.day, atMs: this.atMs, receipt: this.receipt },
      ...{ reference: this.reference, account: this.place.account, amountMinor: this.amountMinor, currency: 'KES' },
      ...{ payer, maskedPayer: null, linkedReceipt: null, detail: '' },
      ...change,
    } as StatementRow;
  }

  private operatorLine(change: Partial<StatementRow> = {}): string {
    const line = this.line({ statementId: this.place.statementIds.operator, ...change });
    this.item.operatorLines.push(line);
    return line.id;
  }

  private reversalLine(): string {
    const amountMinor = -this.amountMinor;
    const change = { receipt: `${this.receipt}R`, linkedReceipt: this.receipt, reference: null, account: null };
    return this.operatorLine({ lineKind: 'reversal', amountMinor, atMs: this.atMs + 60_000, ...change });
  }

  private billerLine(change: Partial<StatementRow> = {}, isNextDay = false): string {
    const { billerId, day, statementIds } = this.place;
    const line = this.line({
      ...{ side: 'biller', party: billerId, payer: null, receipt: `MW-${this.reference}`, atMs: this.atMs + 2_000 },
      statementId: isNextDay ? statementIds.nextBiller : statementIds.biller,
      ...(isNextDay ? { day: addDays(day, 1), atMs: this.atMs + 86_400_000 } : {}),
      ...change,
    });
    (isNextDay ? this.item.nextDayBillerLines : this.item.billerLines).push(line);
    return line.id;
  }
}
