import type { Msisdn } from '../../kernel/index.ts';

/** Whether a row pays somebody whom an earlier one pays: the row of that, and whether it is the same amount. */
export interface Repeats {
  see(msisdn: Msisdn, amountMinor: bigint | null, rowNo: number): { row: number; isSameAmount: boolean } | undefined;
}

/** Holds the numbers of one list: two small maps, as long as the list. */
export function makeRepeats(): Repeats {
  const phones = new Map<number, number>();
  const payments = new Map<string, number>();
  return {
    see(msisdn, amountMinor, rowNo) {
      // Fifteen digits at most, which a double holds.
      const phone = Number(msisdn.slice(1));
      const payment = amountMinor === null ? undefined : `${phone}/${amountMinor}`;
      const samePayment = payment === undefined ? undefined : payments.get(payment);
      const samePhone = phones.get(phone);
      if (samePhone === undefined) phones.set(phone, rowNo);
      if (payment !== undefined && samePayment === undefined) payments.set(payment, rowNo);
      if (samePayment !== undefined) return { row: samePayment, isSameAmount: true };
      return samePhone === undefined ? undefined : { row: samePhone, isSameAmount: false };
    },
  };
}
