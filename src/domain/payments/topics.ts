/** Work of this folder; payloads are `{paymentId}`. */
export const paymentTopic = {
  post: 'payment.post',
  notice: 'payment.notice',
  expireHold: 'payment.expire-hold',
  /** Ask the biller to take back what it booked. */
  cancel: 'payment.cancel',
  /** The biller's statement lacks it: ask, and book only what is absent. */
  checkBiller: 'payment.check-biller',
  latePayer: 'payment.late-payer',
  lateStaff: 'payment.late-staff',
  lateRefund: 'payment.late-refund',
} as const;
