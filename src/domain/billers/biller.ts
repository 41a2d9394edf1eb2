import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { isTimeZone, type Money, money, parseMoney, Refusal } from '../../kernel/index.ts';
import { type BillerFileFormat, billerFileShape } from '../../providers/billers/index.ts';
import { type BankAccount, bankAccountSchema } from './bank-account.ts';
import { readTariffs, type Tariff, tariffSchema } from './tariff.ts';

/** A utility that can be paid. */
export interface Biller {
  /** As in the ledger's accounts: `jua-power`. */
  id: string;
  name: string;
  kind: 'prepaid' | 'postpaid';
  currency: string;
  min: Money;
  max: Money;
  /** The whole account or meter number. */
  accountPattern: RegExp;
  /** IANA name, where the biller's days are not the business's. */
  timeZone?: string;
  /** Its place in the menu, from 1. */
  order: number;
  /** How the files that it drops are written; undefined: it drops none. */
  statementFile?: BillerFileFormat | undefined;
  /** What it pays us, by day; empty: nothing. */
  tariffs: readonly Tariff[];
  /** Where it is paid; undefined: no payout instruction can be written. */
  bank: BankAccount | undefined;
}

export interface BillerCatalogue {
  all(): readonly Biller[];
  /** Refuses with `biller.unknown`. */
  get(id: string): Biller;
  /** The billers whose account pattern fits what somebody typed at the paybill; in the menu's order. */
  fitting(account: string): readonly Biller[];
}

const decimal = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/);
const fileSchema = z.strictObject({
  billers: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]{1,23}$/),
        name: z.string().min(2).max(20),
        kind: z.enum(['prepaid', 'postpaid']),
        currency: z.string().length(3),
        min: decimal,
        max: decimal,
        account: z.string().max(80),
        timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Africa/Nairobi').optional(),
        statementFile: billerFileShape.optional(),
        tariffs: z.array(tariffSchema).max(100).default([]),
        bank: bankAccountSchema.optional(),
      }),
    )
    .min(1)
    .max(50),
});

/** Reads menus/billers.yaml; a mistake in it fails here, before the server listens. */
export function loadBillers(path: string): BillerCatalogue {
  const parsed = fileSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  const billers = parsed.data.billers.map(
    (biller, index): Biller => ({
      id: biller.id,
      name: biller.name,
      kind: biller.kind,
      currency: biller.currency,
      min: parseMoney(biller.min, biller.currency) ?? money(0n, biller.currency),
      max: parseMoney(biller.max, biller.currency) ?? money(0n, biller.currency),
      accountPattern: new RegExp(`^(?:${biller.account})$`),
      ...(biller.timeZone === undefined ? {} : { timeZone: biller.timeZone }),
      order: index + 1,
      statementFile: biller.statementFile,
      tariffs: tariffsOf(path, biller),
      bank: biller.bank,
    }),
  );
  return makeCatalogue(billers);
}

function tariffsOf(path: string, { id, tariffs, currency }: z.output<typeof fileSchema>['billers'][number]) {
  try {
    return readTariffs(tariffs, currency);
  } catch (error) {
    throw new Error(`${path}: ${id}: ${error instanceof Error ? error.message : 'its tariffs cannot be read'}`);
  }
}

export function makeCatalogue(billers: readonly Biller[]): BillerCatalogue {
  const byId = new Map(billers.map((biller) => [biller.id, biller]));
  if (byId.size !== billers.length) throw new Error('two billers have the same id');
  return {
    all: () => billers,
    get(id) {
      const biller = byId.get(id);
      if (!biller) throw new Refusal('biller.unknown', { biller: id });
      return biller;
    },
    fitting: (account) => billers.filter((biller) => biller.accountPattern.test(account)),
  };
}
