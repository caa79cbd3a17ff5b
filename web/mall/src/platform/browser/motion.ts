/** Whether a person asked their device for less motion. `wechat/motion.ts` has the same name. */
export function wantsLessMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
