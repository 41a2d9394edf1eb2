/** Values that a refusal's text may need; amounts are `Money`, times are `Date`. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/**
 * The business says no. It is not a fault: nothing is logged as an error, and each channel translates
 * the code once (a screen, a form error, a problem document).
 * Codes are `area.reason`, for example `payment.limit-exceeded`.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly details: RefusalDetails;

  constructor(code: string, details: RefusalDetails = {}) {
    super(code);
    this.code = code;
    this.details = details;
  }
}
