import type { Draw } from '../world/draw.ts';

export type BillerId = 'jua-power' | 'maji-water';

export type Goal =
  | { kind: 'pay'; biller: BillerId; account: string; amount: number; deep: boolean; payer?: string }
  /** At the operator's own menu; `account` may be anything that people type. */
  | { kind: 'paybill'; account: string; amount: number }
  /** Pays the reference of his own last payment there, since the prompt did not come. */
  | { kind: 'pay-reference'; sameAmount: boolean }
  | { kind: 'link' | 'check'; biller: BillerId; account: string }
  | { kind: 'receipt' | 'language' | 'pin' | 'block' }
  | { kind: 'write' | 'opt-out' };

export interface Profile {
  msisdn: string;
  network: 'safaricom' | 'airtel' | 'telkom';
  /** What the handset does with a prompt, and how long he takes. */
  answer: 'pay' | 'cancel' | 'wrong-pin' | 'ignore';
  answerAfterMs: number;
  /** How long a prompt stays on his handset. */
  promptLifeMs: number;
  /** What the operator says in place of the true code. */
  saidCode?: string;
  walletMinor: bigint;
  pin: string;
  /** How quickly he gives up, drops and dials again: 0 to 1. */
  haste: number;
  goals: Goal[];
}

const ACCOUNTS: Readonly<Record<BillerId, readonly string[]>> = {
  'jua-power': ['04123456789', '04123456790', '04123456791', '04123456792'],
  'maji-water': ['100200300', '100200301', '100200302', '100200303'],
};

export function profilesOf(draw: Draw, count: number): Profile[] {
  const numbers = new Set<string>();
  while (numbers.size < count) {
    numbers.add(`+2547${draw.pick(['10', '11', '22', '40', '99'])}${String(draw.int(0, 999_999)).padStart(6, '0')}`);
  }
  const all = [...numbers];
  return all.map((msisdn) => profileOf(draw, msisdn, all));
}

function profileOf(draw: Draw, msisdn: string, all: readonly string[]): Profile {
  const saidCode = draw.hits(0.06) ? draw.pick(['1025', '17', '1037', '8006', 'SFC_IC0003']) : undefined;
  return {
    msisdn,
    network: draw.pick(['safaricom', 'safaricom', 'airtel', 'telkom']),
    answer: draw.hits(0.75) ? 'pay' : draw.pick(['cancel', 'wrong-pin', 'ignore', 'ignore']),
    ...(draw.hits(0.2)
      ? { answerAfterMs: draw.int(70_000, 260_000), promptLifeMs: 240_000 }
      : { answerAfterMs: Math.round(draw.magnitude(300, 70_000)), promptLifeMs: 60_000 }),
    ...(saidCode === undefined ? {} : { saidCode }),
    walletMinor: draw.hits(0.15) ? BigInt(draw.int(0, 100_000)) : 1_000_000_000n,
    pin: `${draw.int(3, 9)}${draw.int(0, 2)}${draw.int(5, 9)}${draw.int(1, 4)}`,
    haste: draw.fraction(),
    goals: Array.from({ length: draw.int(1, 4) }, () => goalOf(draw, all)),
  };
}

function goalOf(draw: Draw, all: readonly string[]): Goal {
  const biller = draw.pick(['jua-power', 'maji-water'] as const);
  const account = accountOf(draw, biller);
  const amount = draw.hits(0.3) ? draw.pick([100, 500]) : Math.round(draw.magnitude(5, 20_000));
  const kind = draw.fraction();
  if (kind < 0.58) {
    const payer = draw.hits(0.12) ? { payer: draw.pick(all) } : {};
    return { kind: 'pay', biller, account, amount, deep: draw.hits(0.15), ...payer };
  }
  if (kind < 0.72) return { kind: 'paybill', account: draw.hits(0.85) ? account : oddAccount(draw), amount };
  if (kind < 0.76) return { kind: 'pay-reference', sameAmount: draw.hits(0.7) };
  if (kind < 0.86) return { kind: draw.pick(['link', 'check']), biller, account };
  if (kind < 0.96) return { kind: draw.pick(['receipt', 'receipt', 'language', 'pin', 'block']) };
  return { kind: draw.pick(['write', 'opt-out']) };
}

function accountOf(draw: Draw, biller: BillerId): string {
  if (draw.hits(0.5)) return draw.pick(ACCOUNTS[biller]);
  const digits = biller === 'jua-power' ? 11 : draw.int(6, 10);
  // What begins with 999 does not exist, with 555 is closed, at the simulated billers.
  const head = draw.hits(0.12) ? draw.pick(['999', '555']) : String(draw.int(200, 499));
  let account = head;
  while (account.length < digits) account += draw.int(0, 9);
  return account;
}

function oddAccount(draw: Draw): string {
  return draw.pick(['999123456', '99912345678', 'JANE', '12', 'MAAAAAAAAA', '555 123 456', '0412-3456-789']);
}
