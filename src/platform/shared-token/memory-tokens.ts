import { type Runtime, withDeadline } from '../../kernel/index.ts';
import type { SharedTokens } from './shared-token.ts';
import { keptForMs, REFRESH_TIMEOUT_MS } from './token-margin.ts';

/** Tokens of a single process. */
export function memoryTokens({ clock }: Pick<Runtime, 'clock'>): SharedTokens {
  const kept = new Map<string, { token: string; expiresAtMs: number }>();
  const underWay = new Map<string, Promise<string>>();
  return {
    async get(name, refresh) {
      const found = kept.get(name);
      if (found && found.expiresAtMs > clock.now()) return found.token;
      let refreshing = underWay.get(name);
      if (!refreshing) {
        refreshing = renew(name, refresh).finally(() => underWay.delete(name));
        underWay.set(name, refreshing);
      }
      return refreshing;
    },
    async forget(name, token) {
      if (kept.get(name)?.token === token) kept.delete(name);
    },
  };

  async function renew(name: string, refresh: Parameters<SharedTokens['get']>[1]): Promise<string> {
    const { token, expiresInMs } = await withDeadline(clock, REFRESH_TIMEOUT_MS, refresh());
    kept.set(name, { token, expiresAtMs: clock.now() + keptForMs(expiresInMs) });
    return token;
  }
}
