import type { Facts } from './facts.ts';

type Transfer = Facts['transfers'][number];

/** The operator told us of this payout what its own books deny: that it was paid, or that it was not. What was true we could not know. */
export function isLiedAbout({ world }: Facts, { route, reference }: Pick<Transfer, 'route' | 'reference'>): boolean {
  if (route !== 'payout') return false;
  const isPaid = world.core.operator.books.findByConversation(reference) !== undefined;
  const said = world.evidence.saidOfPayout.get(reference) ?? [];
  return said.some((code) => (code === '0') !== isPaid);
}

/** What the operator's lies have cost in our books: payouts that it claimed and did not make. */
export function liesMinor(facts: Facts): bigint {
  const { books } = facts.world.core.operator;
  return facts.transfers
    .filter((one) => one.state === 'succeeded' && isLiedAbout(facts, one) && !books.findByConversation(one.reference))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
