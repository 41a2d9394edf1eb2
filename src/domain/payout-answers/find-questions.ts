import { In, MoreThan } from 'typeorm';
import type { Money, Msisdn, Runtime } from '../../kernel/index.ts';
import { TransferSchema } from '../../money/transfers/index.ts';
import type { Database } from '../../platform/database/index.ts';
import { OrganisationSchema } from '../organisations/index.ts';
import { PayoutBatchSchema, type PayoutRow, PayoutRowSchema } from '../payout-batches/index.ts';
import type { AnswerWord } from './payout-answer.ts';

const DAY_MS = 86_400_000;
/** So long a question can be answered; networks give a number to somebody else much later. */
export const ANSWER_DAYS = 30;
/** Whoever was asked more often in that time is asked about the newest ones. */
const MOST_QUESTIONS = 20;

/** Money that reached a number by proof, and about which its holder was asked. */
export interface PayoutQuestion {
  rowId: string;
  organisation: string;
  /** In which the organisation has people told. */
  language: string;
  amount: Money;
  /** Ours, which the question named. */
  reference: string;
  receipt: string | null;
  paidAtMs: number;
  answer: AnswerWord | null;
}

export interface QuestionDeps {
  runtime: Runtime;
  database: Database;
}

export const askedSince = ({ runtime }: QuestionDeps): number => runtime.clock.now() - ANSWER_DAYS * DAY_MS;

/** What a number was asked and may still answer: those without an answer first, of each the newest first. */
export async function findQuestions(
  deps: QuestionDeps,
  { msisdn }: { msisdn: Msisdn },
): Promise<readonly PayoutQuestion[]> {
  const rows = await deps.database.reader.find(PayoutRowSchema, {
    where: { msisdn, state: 'paid', askedAtMs: MoreThan(askedSince(deps)) },
    ...{ order: { askedAtMs: 'DESC', id: 'DESC' }, take: MOST_QUESTIONS },
  });
  const questions = await questionsOf(deps, rows);
  return [...questions.filter(({ answer }) => answer === null), ...questions.filter(({ answer }) => answer !== null)];
}

export async function questionsOf(
  { database: { reader } }: QuestionDeps,
  rows: readonly PayoutRow[],
): Promise<PayoutQuestion[]> {
  if (rows.length === 0) return [];
  const ids = (list: readonly (string | null)[]) => In([...new Set(list.flatMap((id) => id ?? []))]);
  const batches = await reader.findBy(PayoutBatchSchema, { id: ids(rows.map(({ batchId }) => batchId)) });
  const [organisations, transfers] = await Promise.all([
    reader.findBy(OrganisationSchema, { id: ids(batches.map(({ organisationId }) => organisationId)) }),
    reader.findBy(TransferSchema, { id: ids(rows.map(({ transferId }) => transferId)) }),
  ]);
  const ownerOf = new Map(batches.map(({ id, organisationId }) => [id, organisationId]));
  const byId = new Map(organisations.map((organisation) => [organisation.id, organisation]));
  const referenceOf = new Map(transfers.map(({ id, reference }) => [id, reference]));
  return rows.flatMap((row) => {
    const { id, amountMinor, currency, receipt, paidAtMs, answer, batchId, transferId } = row;
    const organisation = byId.get(ownerOf.get(batchId) ?? '');
    if (!organisation) return [];
    const { name, language } = organisation;
    const reference = referenceOf.get(transferId ?? '') ?? '';
    const amount = { amountMinor, currency };
    return [{ rowId: id, organisation: name, language, amount, reference, receipt, paidAtMs: paidAtMs ?? 0, answer }];
  });
}
