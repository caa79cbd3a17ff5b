import { type Pressed, meantBy } from "../orders/queue/keys";
import type { ReviewAct } from "./reviews";

/** What a key means on the page of reviews. */
export type Command = ReviewAct | "close" | "help" | "next" | "open" | "previous" | "reload";

/** The keys as the help lists them, in its order. */
export const KEYS: readonly { key: string; command: Command }[] = [
  { key: "j", command: "next" },
  { key: "k", command: "previous" },
  { key: "Enter", command: "open" },
  { key: "p", command: "publish" },
  { key: "h", command: "hide" },
  { key: "r", command: "reply" },
  { key: "Esc", command: "close" },
  { key: "g", command: "reload" },
  { key: "?", command: "help" },
];

const BY_KEY = new Map<string, Command>([
  ...KEYS.map(({ key, command }) => [key, command] as const),
  ["ArrowDown", "next"],
  ["ArrowUp", "previous"],
  ["Escape", "close"],
]);

export const commandOf = (pressed: Pressed): Command | null => meantBy(pressed, BY_KEY);
