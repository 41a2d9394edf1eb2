export type { CheckoutBiller, CheckoutDomain } from './checkout-domain.ts';
export type { CheckoutDeps } from './deps.ts';
export type { CheckoutLimits } from './limits.ts';
export { addCheckoutRoutes } from './routes.ts';
