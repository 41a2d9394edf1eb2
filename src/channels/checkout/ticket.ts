import { z } from 'zod';
import { isMsisdn, type Msisdn, money, type Runtime } from '../../kernel/index.ts';
import type { Signer } from '../../platform/sealing/index.ts';
import type { Bill } from './checkout-domain.ts';

/** A bill that was looked up and shown, as it comes back with the confirmation. */
export interface Ticket {
  bill: Bill;
  /** Secret of whoever was shown the page: it names the payment that the ticket makes, and its page. */
  token: string;
  issuedAtMs: number;
}

const TOKEN_BYTES = 16;
export const TOKEN = /^[\w-]{22}$/;
const LONGEST = 2_000;

const schema = z
  .tuple([
    z.string().regex(TOKEN),
    z.int(),
    z.string(),
    z.string(),
    z.string(),
    z.string().regex(/^\d{1,15}$/),
    z.string(),
    z.string().refine(isMsisdn),
    z.string(),
  ])
  .transform(
    ([token, issuedAtMs, billerId, account, holder, minor, currency, payer, language]): Ticket => ({
      token,
      issuedAtMs,
      bill: { billerId, account, holder, amount: money(BigInt(minor), currency), payer: payer as Msisdn, language },
    }),
  );

export interface Tickets {
  issue(bill: Bill): string;
  /** Undefined for what we have not issued. Its age is for the caller to judge: an old one may have been paid. */
  open(text: string): Ticket | undefined;
}

/**
 * What is confirmed is exactly what was shown: the page carries it, signed, and nothing is kept for visitors who go away. Each
 * showing has a token of its own, so that a form that is sent twice, or again after "back", is one payment.
 */
export function makeTickets({ clock, chance }: Runtime, signer: Signer): Tickets {
  return {
    issue({ billerId, account, holder, amount, payer, language }) {
      const token = chance.bytes(TOKEN_BYTES).toString('base64url');
      const { amountMinor, currency } = amount;
      const parts = [token, clock.now(), billerId, account, holder, String(amountMinor), currency, payer, language];
      return signer.sign(JSON.stringify(parts));
    },
    open(text) {
      const signed = text.length <= LONGEST ? signer.open(text) : undefined;
      return signed === undefined ? undefined : schema.parse(JSON.parse(signed));
    },
  };
}
