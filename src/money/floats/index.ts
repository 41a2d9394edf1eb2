export { ASK_BALANCE, requestBalance } from './ask-balance.ts';
export { findBalance } from './find-balance.ts';
export { floatHandlers, floatInboxKind } from './handlers.ts';
export { type OperatorBalance, OperatorBalanceSchema } from './operator-balance.ts';
