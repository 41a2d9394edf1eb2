export { connectRedis, type RedisClient } from './connect-redis.ts';
export { defineScript, type RedisScript } from './script.ts';
