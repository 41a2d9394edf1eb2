export { type Announced, announceFunding, cancelFunding } from './announce-funding.ts';
export { claimStep, confirmStep, dropClaim, type FundingStep, nextStep } from './claim-step.ts';
export { type BankLine, type BankLineFate, confirmFromStatement } from './confirm-from-statement.ts';
export {
  type AmountGroup,
  type BandCost,
  costOf,
  evenAmounts,
  needOfCost,
  type PayoutCost,
  shareOf,
} from './cost.ts';
export {
  fundingsOfQuotations,
  getFunding,
  pageFunding,
  quotationsOf,
  type StepDays,
  stepDays,
} from './find-funding.ts';
export { getQuotation, pageQuotations } from './find-quotations.ts';
export {
  type Funding,
  type FundingEvent,
  FundingEventSchema,
  FundingSchema,
  type FundingState,
  fundingStates,
  type Quotation,
  QuotationSchema,
} from './funding.ts';
export { type Doer, type FundingDeps, type FundingSettings, ORGANISATION_FUNDED } from './funding-deps.ts';
export { makeQuotation, type Quoted } from './make-quotation.ts';
export type { WhichFunding } from './move-funding.ts';
export { type ChargeBand, loadPayoutRules, type PayoutRules, workingTimeIn } from './payout-rules.ts';
export { type QuotationDetails, readDetails } from './quotation-details.ts';
export { quotationPdf } from './quotation-pdf.ts';
export {
  NotABankStatement,
  readBankStatement,
  type StatementFate,
  type StatementLine,
  type StatementReport,
} from './read-bank-statement.ts';
export { matchOrder, type OrderMatch, recordOrder } from './record-order.ts';
