import { timingSafeEqual } from 'node:crypto';
import { type Clock, invariant, type Money } from '../../kernel/index.ts';
import type { Signer } from '../../platform/sealing/index.ts';
import type { BillerCatalogue } from '../billers/index.ts';
import { fromBase62, toBase62 } from './base62.ts';
import { packLink, unpackLink } from './pack-link.ts';

/** What a short address stands for. */
export interface PayLink {
  billerId: string;
  account: string;
  /** In the biller's currency. */
  amount?: Money;
  language: string;
  /** Good through the day (UTC) of this instant. */
  expiresAtMs: number;
}

export interface PayLinks {
  /** `https://pay.example.org/p/4fT...`: 34 characters after the host for an account of 11 digits. */
  shortPayAddress(link: PayLink): string;
  /** What the code stands for; undefined when it is not ours, was changed, or is too old. */
  open(code: string): Omit<PayLink, 'expiresAtMs'> | undefined;
}

export interface PayLinksDeps {
  clock: Clock;
  billers: BillerCatalogue;
  /** Of a key for this purpose alone. */
  signer: Signer;
  /** Without a slash at the end. */
  publicUrl: string;
}

/** One guess in 2^64 fits, and opens no more than a form. */
const TAG_BYTES = 8;
const LONGEST_CODE = 140;

export function makePayLinks({ clock, billers, signer, publicUrl }: PayLinksDeps): PayLinks {
  // The biller is not in the code: its id is what is signed, so the code is shorter by it and outlives any order of the menu.
  const tagOf = (billerId: string, packed: Buffer) =>
    signer.tag(Buffer.concat([Buffer.from(`${billerId}\0`), packed]), TAG_BYTES);
  return {
    shortPayAddress(link) {
      const { currency } = billers.get(link.billerId);
      invariant(!link.amount || link.amount.currency === currency, "a link's amount is in its biller's currency");
      const packed = packLink({ ...link, amountMinor: link.amount?.amountMinor });
      return `${publicUrl}/p/${toBase62(Buffer.concat([packed, tagOf(link.billerId, packed)]))}`;
    },
    open(code) {
      const bytes = code.length <= LONGEST_CODE ? fromBase62(code) : undefined;
      if (!bytes || bytes.length <= TAG_BYTES) return undefined;
      const [packed, tag] = [bytes.subarray(0, -TAG_BYTES), bytes.subarray(-TAG_BYTES)];
      const biller = billers.all().find(({ id }) => timingSafeEqual(tagOf(id, packed), tag));
      const link = biller && unpackLink(packed);
      if (!link || link.expiresAtMs <= clock.now()) return undefined;
      const { account, language, amountMinor } = link;
      const amount = amountMinor === undefined ? {} : { amount: { amountMinor, currency: biller.currency } };
      return { billerId: biller.id, account, language, ...amount };
    },
  };
}
