import {
  type ClaimState,
  OPEN_CLAIMS,
  openClaim,
  PayoutClaimSchema,
  PayoutRowSchema,
  pursueClaim,
  replaceRows,
} from '../../../../src/domain/payout-batches/index.ts';
import { applyReversal } from '../../../../src/money/transfers/index.ts';
import type { Service } from '../../../../src/wiring/service.ts';
import { actorOf, type EmployerDeps, INITIATOR, ORGANISATION_ID, unlessRefused } from './employer.ts';
import { recipient } from './prepare.ts';

const MOST_CLAIMS = 4;
const reason = 'simulation';
const own = actorOf(INITIATOR);

/** What a row that is paid anew says of itself, and the id of the row whose money came back. */
const ANEW = 'anew ';
export const anewFor = ({ reference }: { reference: string | null }): string | undefined =>
  reference?.startsWith(ANEW) ? reference.slice(ANEW.length) : undefined;

/** One step: a payout went to the wrong person, the operator is asked or answers, a statement is read, or somebody is paid anew. */
export async function lookAtClaims(service: Service, deps: EmployerDeps): Promise<void> {
  const { draw } = deps;
  const step = draw.fraction();
  await unlessRefused(async () => {
    if (step < 0.3) await open(service, deps);
    else if (step < 0.7) await pursue(service, deps);
    else if (step < 0.8) await readReturns(service, deps);
    else await payAnew(service, deps);
  });
}

async function open({ deps }: Service, { draw, trace }: EmployerDeps): Promise<void> {
  const { reader } = deps.database;
  if ((await reader.count(PayoutClaimSchema)) >= MOST_CLAIMS) return;
  const rows = await reader.find(PayoutRowSchema, { where: { state: 'paid' }, order: { id: 'ASC' } });
  if (rows.length === 0) return;
  const { batchId, rowNo, id } = draw.pick(rows);
  await openClaim(deps, own, { batchId, rowNo, organisationId: ORGANISATION_ID, reason });
  trace.note(`row ${id} went to the wrong person`);
  trace.count('claims opened');
}

/** The operator promises the money, or will not have it; whatever it says, it comes back or it does not. */
async function pursue({ deps }: Service, { draw, core, trace }: EmployerDeps): Promise<void> {
  const { reader } = deps.database;
  const claims = await reader.find(PayoutClaimSchema, { order: { id: 'ASC' } });
  const open = claims.filter(({ state }) => OPEN_CLAIMS.includes(state) || state === 'refused');
  if (open.length === 0) return;
  const { id: claimId, rowId, state } = draw.pick(open);
  const row = await reader.findOneByOrFail(PayoutRowSchema, { id: rowId });
  const { books } = core.operator;
  const payout = books.find(row.receipt ?? '');
  const grants = payout !== undefined && draw.hits(0.75);
  const answers: Partial<Record<ClaimState, 'asked' | 'granted' | 'refused'>> = {
    ...{ opened: 'asked', asked: grants ? 'granted' : 'refused' },
  };
  const to = answers[state];
  if (to) {
    const caseNumber = `CASE ${claimId.slice(-6)}`;
    await pursueClaim(deps, own, { claimId, organisationId: ORGANISATION_ID, to, caseNumber, reason });
    trace.note(`the claim of row ${rowId} is ${to}`);
    trace.count(`claims ${to}`);
  } else if (payout && !books.reversalOf(payout.receipt) && draw.hits(state === 'granted' ? 0.5 : 0.05)) {
    const { msisdn, currency, shortCode, receipt } = payout;
    const back = { kind: 'reverse' as const, amountMinor: -payout.amountMinor, linkedReceipt: receipt };
    if (!books.move({ ...back, msisdn, currency, account: '', shortCode })) return;
    trace.note(`the money of row ${rowId} comes back: ${receipt}`);
    trace.count('payouts that came back');
  }
}

/** What the statement shows of payouts that came back; a line may be read more than once. */
export async function readReturns({ deps }: Service, { core }: EmployerDeps): Promise<void> {
  for (const { receipt, linkedReceipt, amountMinor, currency, at } of core.operator.books.all()) {
    if (linkedReceipt === undefined || amountMinor < 0n) continue;
    const line = { receipt, ofReceipt: linkedReceipt, amount: { amountMinor, currency }, completedAtMs: at };
    await deps.database.transaction((tx) => applyReversal(deps, tx, 'mpesa', line, 'statement'));
  }
}

/** Somebody else gets what came back: a draft of its own, which others approve. */
async function payAnew({ deps }: Service, { draw, trace }: EmployerDeps): Promise<void> {
  const rows = await deps.database.reader.find(PayoutRowSchema, { where: { state: 'reversed' }, order: { id: 'ASC' } });
  if (rows.length === 0) return;
  const { id, batchId, rowNo } = draw.pick(rows);
  const changes = new Map([[rowNo, { msisdn: recipient(2_000 + rowNo), reference: `${ANEW}${id}` }]]);
  const which = { batchId, organisationId: ORGANISATION_ID, changes, reason };
  const { number } = await replaceRows(deps, own, { id: INITIATOR }, which);
  trace.note(`row ${id} is paid anew by batch ${number}`);
  trace.count('rows paid anew');
}
