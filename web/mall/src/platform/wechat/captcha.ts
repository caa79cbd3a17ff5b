/** Whether a challenge can be shown here at all. */
export const CAN_CHALLENGE = false;

/** WeChat loads no scripts of others: who is asked for a captcha signs in another way, or later. */
export function challenge(): Promise<void> {
  return Promise.reject(new Error("a mini program shows no captcha"));
}
