import { steadyHash, steadyName } from '../basis/index.ts';

export interface BillerAccount {
  account: string;
  status: 'open' | 'closed';
  holderName: string;
  /** Before any payment. Postpaid: owed (negative: in credit). Prepaid: debt. Minor units. */
  dueMinor: bigint;
  /** Days from today to the due date; absent on prepaid meters. */
  dueInDays?: number;
  /** The meter's next sale comes with new keys. */
  keyChange?: boolean;
  /** The meter gets free basic units with its sales. */
  freeUnits?: boolean;
}

export interface BillerProfile {
  id: string;
  name: string;
  prefix: string;
  kind: 'prepaid' | 'postpaid';
  pattern: RegExp;
  /** Cents a kWh; prepaid only. */
  tariffMinor: bigint;
  listed: Readonly<Record<string, Omit<BillerAccount, 'account' | 'status'>>>;
}

const JUA_POWER: BillerProfile = {
  id: 'jua-power',
  name: 'Jua Power',
  prefix: 'JP',
  kind: 'prepaid',
  pattern: /^\d{11}$/,
  tariffMinor: 2_500n,
  listed: {
    '04123456789': { holderName: 'Peter Otieno', dueMinor: 0n },
    '04123456790': { holderName: 'Mary Achieng', dueMinor: 35_000n },
    '04123456791': { holderName: 'Brian Kiptoo', dueMinor: 0n, keyChange: true },
    '04123456792': { holderName: 'Fatuma Hassan', dueMinor: 0n, freeUnits: true },
  },
};

const MAJI_WATER: BillerProfile = {
  id: 'maji-water',
  name: 'Maji Water',
  prefix: 'MW',
  kind: 'postpaid',
  pattern: /^\d{6,12}$/,
  tariffMinor: 0n,
  listed: {
    '100200300': { holderName: 'Jane Wanjiku', dueMinor: 125_000n, dueInDays: 8 },
    '100200301': { holderName: 'Samuel Mwangi', dueMinor: 48_050n, dueInDays: 3 },
    '100200302': { holderName: 'Grace Njeri', dueMinor: 0n },
    '100200303': { holderName: 'Omar Hassan', dueMinor: -20_000n },
  },
};

export const BILLER_PROFILES: readonly BillerProfile[] = [JUA_POWER, MAJI_WATER];

/**
 * The account as it was before any payment. What starts with 999 does not exist, what starts with 555 is closed, and every other
 * number of the biller's pattern exists, with a holder and an amount that are always the same.
 */
export function openingAccount(profile: BillerProfile, account: string): BillerAccount | undefined {
  if (!profile.pattern.test(account) || account.startsWith('999')) return undefined;
  const listed = profile.listed[account];
  if (listed) return { account, status: 'open', ...listed };
  const hash = steadyHash(`${profile.id}:${account}`);
  const name = steadyName(account);
  const status = account.startsWith('555') ? 'closed' : 'open';
  const holderName = `${capitalised(name.first)} ${capitalised(name.last)}`;
  if (profile.kind === 'prepaid') return { account, status, holderName, dueMinor: 0n };
  return { account, status, holderName, dueMinor: BigInt(hash % 400) * 1_000n, dueInDays: hash % 21 };
}

function capitalised(word: string): string {
  return word.slice(0, 1) + word.slice(1).toLowerCase();
}
