/** What is computed from the API's answers about the inbox and the clock. */
import type { Schema } from "@jifen/shared/schema";

/** Such as `3` or `20+`; empty for none. The API lists unread notices first. */
export function unreadOf(page: Schema<"NoticeViewPage">): string {
  const count = page.data.filter((each) => !each.read).length;
  if (count === 0) return "";
  const more = count === page.data.length && page.next_cursor !== null;
  return more ? `${count}+` : String(count);
}

/** How far a clock that told `told` between two moments of this device is ahead of it, in ms. */
export function aheadOf(told: string, asked: number, answered: number): number {
  return Math.round(Date.parse(told) - (asked + answered) / 2);
}
