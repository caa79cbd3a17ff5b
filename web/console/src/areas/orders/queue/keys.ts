import type { OrderAct } from "../acts/allowed";

/** What a key means on the page of orders. */
export type Command = OrderAct | "close" | "help" | "next" | "open" | "previous" | "reload";

/** The keys as the help lists them, in its order. */
export const KEYS: readonly { key: string; command: Command }[] = [
  { key: "j", command: "next" },
  { key: "k", command: "previous" },
  { key: "Enter", command: "open" },
  { key: "t", command: "take" },
  { key: "a", command: "approve" },
  { key: "r", command: "reject" },
  { key: "s", command: "ship" },
  { key: "d", command: "deliver" },
  { key: "u", command: "use" },
  { key: "Esc", command: "close" },
  { key: "g", command: "reload" },
  { key: "?", command: "help" },
];

const ALSO: Record<string, Command> = {
  ArrowDown: "next",
  ArrowUp: "previous",
  Escape: "close",
};
const BY_KEY = new Map<string, Command>([
  ...KEYS.map(({ key, command }) => [key, command] as const),
  ...Object.entries(ALSO),
]);

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** The command of a pressed key; `null` for keys that belong to the browser or to nothing. */
export function commandOf(pressed: Pressed): Command | null {
  return meantBy(pressed, BY_KEY);
}

/** What a pressed key means to a page with these keys. */
export function meantBy<Meant>(pressed: Pressed, keys: ReadonlyMap<string, Meant>): Meant | null {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  const key = pressed.key.length === 1 ? pressed.key.toLowerCase() : pressed.key;
  return keys.get(key) ?? null;
}

/** Where a person types, or confirms: keys go there. */
const TYPES = "input, textarea, select, [contenteditable], [role=dialog], [role=menu]";
/** Where Enter and the arrows have a meaning of their own. */
const ACTS_ON_ENTER = "a, button, summary";

export function isTaken(target: Element | null, command: string): boolean {
  if (target?.closest(TYPES) != null) return true;
  return command === "open" && target?.closest(ACTS_ON_ENTER) != null;
}
