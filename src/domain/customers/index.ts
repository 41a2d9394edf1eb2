export { type Customer, CustomerSchema } from './customer.ts';
export {
  type CustomerDeps,
  type CustomerView,
  findCustomer,
  LAPSE_AFTER_MS,
  languageOf,
  setLanguage,
  setPromptBlock,
} from './customers.ts';
export { type KeptWish, KeptWishSchema, keepWishes, type Wishes } from './kept-wish.ts';
export { lockCustomer } from './lock-customer.ts';
export {
  argon2Pins,
  checkPin,
  judgeNewPin,
  type PinCheck,
  type PinDeps,
  type PinHasher,
  removePin,
  setPin,
} from './service-pin.ts';
