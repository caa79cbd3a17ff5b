/** WeChat does not tell what the device was asked for. */
export function wantsLessMotion(): boolean {
  return false;
}
