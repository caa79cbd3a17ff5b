/** Compiles the mall's words to functions, as vue-i18n takes them. */

type Words = string | { [name: string]: Words };

/** A text with blanks, such as `{count} points`: pieces, each a text or the name of a blank. */
const BLANK = /\{\s*(\w+)\s*\}/;

/**
 * The source of an object of functions.
 *
 * Raises Error for what the words of the mall do not have: plurals, links to other words, literals.
 */
export function compiled(words: Words): string {
  if (typeof words === "string") return text(words);
  const members = Object.entries(words).map(
    ([name, one]) => `${JSON.stringify(name)}:${compiled(one)}`,
  );
  return `{${members.join(",")}}`;
}

function text(words: string): string {
  const pieces = words.split(BLANK);
  if (pieces.some((piece, index) => index % 2 === 0 && /[{}|@]/.test(piece))) {
    throw new Error(`only names may stand in braces, and no | or @ in words: ${words}`);
  }
  if (pieces.length === 1) return `()=>${JSON.stringify(words)}`;
  const parts = pieces.map((piece, index) =>
    index % 2 === 0 ? JSON.stringify(piece) : `w.interpolate(w.named(${JSON.stringify(piece)}))`,
  );
  return `w=>w.normalize([${parts.filter((part) => part !== '""').join(",")}])`;
}
