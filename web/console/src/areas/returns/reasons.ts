import type { Language } from "@jifen/shared/schema";

/** The reasons that the mall offers, in its words; members add their own after a colon. */
const REASONS = [
  ["商品有质量问题", "Damaged or faulty"],
  ["与描述不符", "Not as described"],
  ["发错或少发", "Wrong or missing goods"],
  ["不喜欢或不合适", "Does not suit me"],
  ["没有收到商品", "Never arrived"],
] as const;

/** A reason in the reader's language as far as the mall offered it; what a member typed stays. */
export function reasonText(reason: string, language: Language): string {
  for (const words of REASONS) {
    const found = words.find((each) => reason === each || /^[:：]/.test(after(reason, each)));
    if (found === undefined) continue;
    const said = after(reason, found).replace(/^[:：]\s*/, "");
    const [zh, en] = words;
    if (language === "en") return said === "" ? en : `${en}: ${said}`;
    return said === "" ? zh : `${zh}：${said}`;
  }
  return reason;
}

function after(reason: string, start: string): string {
  return reason.startsWith(start) ? reason.slice(start.length) : "";
}
