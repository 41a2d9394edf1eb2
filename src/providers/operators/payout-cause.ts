/**
 * Why a person was not paid. Of the first ones the recipient or the row is the reason; of the others we are, and the next row
 * would meet the same.
 */
export type PayoutCause =
  /** The number has no account at the operator. */
  | 'not-registered'
  /** What the recipient may hold or get in a day would be passed. */
  | 'recipient-limit'
  /** Less or more than the operator moves at once. */
  | 'amount-limit'
  /** The operator does not take the number. */
  | 'number-refused'
  /** The account that pays holds too little. */
  | 'float-short'
  | 'credential-refused'
  | 'credential-locked'
  /** Our account or its product may not do this. */
  | 'not-permitted'
  /** The operator refused our request for another reason than the recipient. */
  | 'request-refused';
