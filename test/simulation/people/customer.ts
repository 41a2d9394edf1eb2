import { HandsetSetting } from '../../../src/simulator/handset/index.ts';
import { type Move, type TalkDeps, type TalkEnd, talk } from './conversation.ts';
import type { BillerId, Goal, Profile } from './profile.ts';

export interface CustomerDeps extends TalkDeps {
  /** The time for new undertakings is over. */
  isLate(): boolean;
}

const NAMES: Readonly<Record<BillerId, string>> = { 'jua-power': 'Jua Power', 'maji-water': 'Maji Water' };
const ORDER: Readonly<Record<BillerId, number>> = { 'jua-power': 1, 'maji-water': 2 };

/** Lives one customer's day: his goals one after another, from some moment on. */
export async function live(deps: CustomerDeps, who: Profile, afterMs: number): Promise<void> {
  const { core, time, draw } = deps;
  core.operator.books.setBalance(who.msisdn, who.walletMinor);
  const code = who.saidCode === undefined ? {} : { code: who.saidCode };
  core.desk.setSetting(
    who.msisdn,
    HandsetSetting.parse({
      ...{ answer: who.answer, delayMs: who.answerAfterMs, promptTimeoutMs: who.promptLifeMs },
      ...code,
    }),
  );
  await time.sleep(afterMs);
  for (const goal of who.goals) {
    if (deps.isLate()) return;
    await pursue(deps, who, goal);
    await time.sleep(Math.round(draw.magnitude(2_000, 200_000)));
  }
}

async function pursue(deps: CustomerDeps, who: Profile, goal: Goal): Promise<void> {
  const { core } = deps;
  switch (goal.kind) {
    case 'paybill':
      return payAtPaybill(deps, who, goal.account, goal.amount);
    case 'pay-reference':
      return payReference(deps, who, goal.sameAmount);
    case 'write':
      return core.sms.writeIn({ from: who.msisdn, to: '22384', text: 'How do I pay?' });
    case 'opt-out':
      return core.sms.optOut({ msisdn: who.msisdn, sender: deps.draw.pick(['MALIPO', 'MALIPO_INFO']) });
    default:
      return untilDone(deps, who, movesOf(goal), dialOf(deps, goal));
  }
}

function dialOf({ serviceCode }: CustomerDeps, goal: Goal): string {
  if (goal.kind !== 'pay' || !goal.deep) return serviceCode;
  return `${serviceCode.replace(/#$/, '')}*1*${ORDER[goal.biller]}*${goal.account}*${goal.amount}#`;
}

function movesOf(goal: Exclude<Goal, { kind: 'paybill' | 'pay-reference' | 'write' | 'opt-out' }>): Move[] {
  switch (goal.kind) {
    case 'pay': {
      const other: Move[] = goal.payer ? [{ choose: 'ussd.pay.confirm-other' }, { type: goal.payer }] : [];
      const confirm: Move[] = [...other, { choose: 'ussd.pay.confirm-yes' }];
      if (goal.deep) return confirm;
      const bill: Move[] = [{ label: NAMES[goal.biller] }, { type: goal.account }, { type: String(goal.amount) }];
      return [{ choose: 'ussd.home.pay' }, ...bill, ...confirm];
    }
    case 'link':
      return [
        ...[{ choose: 'ussd.home.accounts' }, { choose: 'ussd.accounts.add' }, { label: NAMES[goal.biller] }],
        ...[{ type: goal.account }, { choose: 'ussd.add.confirm-yes' }],
      ];
    case 'check':
      return [{ choose: 'ussd.home.check' }, { label: NAMES[goal.biller] }, { type: goal.account }];
    case 'receipt':
      return [{ choose: 'ussd.home.payments' }, { type: '1' }, { choose: 'ussd.payments.receipt' }];
    case 'language':
      return [{ choose: 'ussd.home.language' }, { type: '2' }];
    case 'pin':
      return [
        ...[{ choose: 'ussd.home.accounts' }, { choose: 'ussd.accounts.pin' }, { choose: 'ussd.pin.set' }],
        ...[{ pin: true as const }, { pin: true as const }],
      ];
    case 'block':
      return [{ choose: 'ussd.home.help' }, { choose: 'ussd.help.requests' }, { choose: 'ussd.requests.block' }];
  }
}

/** Who is cut off dials again; the hasty sooner and more often. */
async function untilDone(deps: CustomerDeps, who: Profile, moves: Move[], dialled: string): Promise<void> {
  const { time, draw } = deps;
  const most = 1 + Math.round(who.haste * 3);
  for (let dial = 0; dial < most; dial += 1) {
    const end: TalkEnd = await talk(deps, who, moves, dialled);
    if (end === 'done' || end === 'under way') return;
    if (end === 'confirmed' && !draw.hits(0.1)) return;
    if (deps.isLate()) return;
    await time.sleep(draw.int(1_000, 40_000));
  }
}

async function payAtPaybill(deps: CustomerDeps, who: Profile, account: string, amount: number): Promise<void> {
  const { core, trace } = deps;
  const paid = await core.operator.paybill.pay({ msisdn: who.msisdn, amountMinor: BigInt(amount) * 100n, account });
  const outcome = paid.moved ? `paid, ${paid.receipt}` : `refused, ${paid.code}`;
  trace.note(`${who.msisdn} pays ${amount} at the paybill for ${account}: ${outcome}`);
  trace.count(paid.moved ? 'paybill payments' : 'paybill payments refused');
}

/** His last prompt's reference, as it stands in the SMS or on the screen. */
async function payReference(deps: CustomerDeps, who: Profile, sameAmount: boolean): Promise<void> {
  let last: { account: string; amountMinor: bigint } | undefined;
  for (const prompt of deps.core.operator.shelf.list()) if (prompt.msisdn === who.msisdn) last = prompt;
  if (!last) return;
  const amount = Number(last.amountMinor / 100n) + (sameAmount ? 0 : 7);
  await payAtPaybill(deps, who, last.account, amount);
}
