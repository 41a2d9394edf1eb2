import type { Clock } from '../../kernel/index.ts';
import type { PaymentView } from './checkout-domain.ts';

const POLL_MS = 1_000;
const AT_ONCE = 200;

export interface PaymentWatch {
  /** Calls `onChange` whenever the payment shows otherwise than in `seen`; the returned function ends it. */
  watch(seen: PaymentView, onChange: (view: PaymentView) => void): () => void;
}

interface Watcher {
  shown: string;
  onChange(view: PaymentView): void;
}

/**
 * Other processes move payments, so the store is asked: once a second for all that are watched, and not at all when none is. What
 * fails is asked again.
 */
export function makePaymentWatch(
  { clock }: { clock: Clock },
  viewPayments: (ids: readonly string[]) => Promise<readonly PaymentView[]>,
): PaymentWatch {
  const watched = new Map<string, Set<Watcher>>();
  let isTicking = false;
  const plan = () => {
    isTicking = watched.size > 0;
    if (isTicking) clock.setTimer(POLL_MS, () => void tick().finally(plan), { unref: true });
  };
  const tick = async () => {
    const ids = [...watched.keys()];
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const views = await viewPayments(ids.slice(at, at + AT_ONCE)).catch(() => []);
      for (const view of views) {
        const shown = showing(view);
        for (const watcher of watched.get(view.id) ?? []) {
          if (watcher.shown === shown) continue;
          watcher.shown = shown;
          watcher.onChange(view);
        }
      }
    }
  };
  return {
    watch(seen, onChange) {
      const watchers = watched.get(seen.id) ?? new Set();
      watched.set(seen.id, watchers);
      const watcher = { shown: showing(seen), onChange };
      watchers.add(watcher);
      if (!isTicking) plan();
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && watched.get(seen.id) === watchers) watched.delete(seen.id);
      };
    },
  };
}

const showing = ({ situation, reason, operatorReceipt }: PaymentView): string =>
  [situation, reason, operatorReceipt].join(' ');
