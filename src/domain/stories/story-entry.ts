import type { DialogEnd } from '../dialogs/index.ts';
import type { MessageState } from '../messages/index.ts';
import type { RefundState } from '../refunds/index.ts';

/** One thing that happened. `atMs` is when, epoch ms. */
export type StoryEntry = { atMs: number } & (
  | { kind: 'screen'; screen: string }
  | { kind: 'session-end'; endedAs: DialogEnd }
  | { kind: 'payment'; paymentId: string; from: string; to: string; actor: string; reason: string }
  | { kind: 'transfer'; transferId: string; route: string; from: string; to: string; actor: string; reason: string }
  | { kind: 'refund'; refundId: string; to: RefundState; actor: string; reason: string }
  | { kind: 'callback'; id: string; provider: string; callback: string; state: string; note: string }
  | { kind: 'posting'; entry: string; lines: { account: string; amountMinor: bigint; currency: string }[] }
  | {
      kind: 'message';
      id: string;
      to: string;
      message: string;
      state: MessageState;
      segments: number;
      cost: string | null;
      failure: string | null;
      sentAtMs: number | null;
      finishedAtMs: number | null;
    }
  | { kind: 'act'; actorId: string; act: string; reason: string }
  | { kind: 'note'; authorId: string; body: string }
  | { kind: 'break'; id: string; breakType: string; state: string; detail: string }
  | { kind: 'webhook'; event: string; state: string }
);

/** Newest first; of one instant, the order in which they were gathered backwards, which is that of their ids. */
export function newestFirst(entries: readonly StoryEntry[]): StoryEntry[] {
  return entries
    .map((entry, index) => ({ entry, index }))
    .sort((one, other) => other.entry.atMs - one.entry.atMs || other.index - one.index)
    .map(({ entry }) => entry);
}
