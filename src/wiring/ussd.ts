import type Router from '@koa/router';
import type { CallbackGuard } from '../platform/http/index.ts';
import type { Service } from './service.ts';

export async function openUssd(
  _service: Service,
): Promise<{ addRoutes(router: Router, guard: CallbackGuard): void; stop(): void }> {
  return { addRoutes() {}, stop() {} };
}
