/** Work of this folder; payloads are `{paymentId}`. */
export const paymentTopic = {
  post: 'payment.post',
  notice: 'payment.notice',
  expireHold: 'payment.expire-hold',
} as const;
