export { makeSealing, type Sealing } from './sealing.ts';
