import { In } from 'typeorm';
import { ApprovalSchema, findApproval } from '../../../src/domain/approvals/index.ts';
import type { Actor } from '../../../src/domain/audit/index.ts';
import { PaymentSchema } from '../../../src/domain/payments/index.ts';
import { proposeRefund, REFUNDABLE, voteOnRefund, withdrawRefund } from '../../../src/domain/refunds/index.ts';
import { Refusal } from '../../../src/kernel/index.ts';
import { TransferSchema } from '../../../src/money/transfers/index.ts';
import { consoleDomain } from '../../../src/wiring/console.ts';
import type { Service } from '../../../src/wiring/service.ts';
import type { Draw } from '../world/draw.ts';
import type { Life } from '../world/life.ts';
import type { Trace } from '../world/trace.ts';
import type { VirtualTime } from '../world/virtual-time.ts';

const SCOPE = 'house';
const MAKERS = ['amina', 'daniel'] as const;
/** One of them makes too, and would be his own checker if he could. */
const CHECKERS = ['daniel', 'lucy', 'grace'] as const;

interface RefundersDeps {
  time: VirtualTime;
  draw: Draw;
  trace: Trace;
  /** Of those who give it back in pieces; undefined in worlds where all goes back at once. */
  parts: Draw | undefined;
  isLate(): boolean;
}

/** In some worlds staff give money back: every other minute somebody proposes a little of it, and another decides. */
export function refunders(deps: RefundersDeps, running: () => { service: Service; life: Life } | undefined): void {
  const { time, draw, parts } = deps;
  if (!draw.hits(0.4) && !parts) return;
  const look = () => {
    if (deps.isLate()) return;
    const now = running();
    if (now) now.life.reach(() => void (draw.hits(0.5) ? propose(now.service, deps) : decide(now.service, deps)));
    time.after(draw.int(5_000, 90_000), look);
  };
  time.after(draw.int(30_000, 120_000), look);
}

const actorOf = (id: string): Actor => ({ kind: 'staff', id, address: '127.0.0.1', scope: SCOPE });

async function propose(service: Service, deps: RefundersDeps): Promise<void> {
  const { draw, trace, parts } = deps;
  if (parts?.hits(0.6)) return proposePart(service, deps, parts);
  const domain = consoleDomain(service);
  const { reader } = domain.database;
  const payments = await reader.find(PaymentSchema, { order: { id: 'ASC' } });
  const refundable = payments.filter(({ state }) => REFUNDABLE.includes(state));
  if (refundable.length === 0) return;
  const { id: paymentId, reference } = draw.pick(refundable);
  const seconds = await reader.find(TransferSchema, { where: { purpose: 'second-money', purposeId: paymentId } });
  const second = draw.hits(0.5) ? seconds[0] : undefined;
  const makerId = draw.pick(MAKERS);
  const of = second ? { transferId: second.id } : {};
  await unlessRefused(async () => {
    await proposeRefund(domain, actorOf(makerId), { paymentId, makerId, reason: 'simulation', ...of });
    trace.note(`${makerId} proposes to pay ${reference} back`);
    trace.count('refunds proposed');
  });
}

/** Of money that lies with us, and mostly of the same: what was proposed of it before and this may be too much together. */
async function proposePart(service: Service, { trace }: RefundersDeps, draw: Draw): Promise<void> {
  const domain = consoleDomain(service);
  const { reader } = domain.database;
  const held = await reader.find(PaymentSchema, {
    ...{ where: { state: In(['suspense', 'refund-due']) }, order: { id: 'ASC' as const } },
  });
  const seconds = await reader.find(TransferSchema, { where: { purpose: 'second-money' }, order: { id: 'ASC' } });
  const money = [
    ...held.map(({ id, amountMinor, currency }) => ({ paymentId: id, amountMinor, currency, of: {} })),
    ...seconds.map(({ id, purposeId, amountMinor, currency }) => {
      return { paymentId: purposeId ?? '', amountMinor, currency, of: { transferId: id } };
    }),
  ];
  if (money.length === 0) return;
  const { paymentId, amountMinor, currency, of } = draw.hits(0.5) ? draw.pick(money.slice(0, 1)) : draw.pick(money);
  const whole = Math.max(1, Math.floor((Number(amountMinor) / 100) * (0.2 + 0.8 * draw.fraction())));
  const amount = { amountMinor: BigInt(whole) * 100n, currency };
  const makerId = draw.pick(MAKERS);
  await unlessRefused(async () => {
    await proposeRefund(domain, actorOf(makerId), { paymentId, makerId, reason: 'simulation', amount, ...of });
    trace.note(`${makerId} proposes to pay ${amount.amountMinor} of ${paymentId} back`);
    trace.count('refunds in part proposed');
  });
}

async function decide(service: Service, { draw, trace }: RefundersDeps): Promise<void> {
  const domain = consoleDomain(service);
  const pending = await domain.database.reader.find(ApprovalSchema, {
    where: { state: 'pending' },
    order: { id: 'ASC' },
  });
  for (const { id: approvalId, subjectHash, makerId } of pending) {
    if (!draw.hits(0.6)) continue;
    const reason = 'simulation';
    if (draw.hits(0.1)) {
      await unlessRefused(() => withdrawRefund(domain, actorOf(makerId), { approvalId, makerId, reason }));
      continue;
    }
    const checker = draw.pick(CHECKERS);
    const voter = { id: checker, roles: ['finance', 'administrator'], scope: SCOPE };
    const verdict = draw.hits(0.85) ? 'grant' : 'reject';
    await unlessRefused(async () => {
      await voteOnRefund(domain, actorOf(checker), { approvalId, voter, verdict, subjectHash, reason });
      const { approval } = await findApproval(domain, { id: approvalId, scope: SCOPE });
      trace.note(`${checker} votes ${verdict} on refund ${approval.subjectId}`);
      trace.count(`refunds ${approval.state}`);
    });
  }
}

async function unlessRefused(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
}
