/** What single keys mean on a page with a list of things to work through. */
type Motion = "close" | "help" | "next" | "open" | "previous" | "reload";

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

export interface Keys<Act extends string> {
  /** The keys as the help lists them, in its order. */
  all: readonly { key: string; command: Act | Motion }[];
  /** What a pressed key means; `null` for keys that belong to the browser or to nothing. */
  commandOf: (pressed: Pressed) => Act | Motion | null;
}

/** The keys of a page: those that move, and one for each of its acts. */
export function keysFor<Act extends string>(
  acts: readonly { key: string; command: Act }[],
): Keys<Act> {
  const all: { key: string; command: Act | Motion }[] = [
    { key: "j", command: "next" },
    { key: "k", command: "previous" },
    { key: "Enter", command: "open" },
    ...acts,
    { key: "Esc", command: "close" },
    { key: "g", command: "reload" },
    { key: "?", command: "help" },
  ];
  const byKey = new Map<string, Act | Motion>([
    ...all.map(({ key, command }) => [key, command] as const),
    ["ArrowDown", "next"],
    ["ArrowUp", "previous"],
    ["Escape", "close"],
  ]);
  return { all, commandOf: (pressed) => meantBy(pressed, byKey) };
}

function meantBy<Meant>(pressed: Pressed, keys: ReadonlyMap<string, Meant>): Meant | null {
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
