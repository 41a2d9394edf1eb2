export {
  type ElsewhereFile,
  ElsewhereFileSchema,
  type ElsewherePayment,
  ElsewherePaymentSchema,
} from './elsewhere-payment.ts';
export { type ElsewhereView, findElsewhere } from './find-elsewhere.ts';
export { type ImportReport, importElsewhere, type LineFault } from './import-elsewhere.ts';
export {
  type ElsewhereDeps,
  type ElsewhereFact,
  readElsewhere,
  recordElsewhere,
  WrittenPayment,
} from './record-elsewhere.ts';
