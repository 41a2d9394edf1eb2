export { memoryTokens } from './memory-tokens.ts';
export { redisTokens } from './redis-tokens.ts';
export type { SharedTokens } from './shared-token.ts';
