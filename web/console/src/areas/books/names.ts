import { accountKey, isAccount, isUnit } from "./figures";
import type { Figure } from "./ties";

type Translate = (key: string) => string;

/** A figure's name where it stands alone: with its account or unit. */
export function figureName(t: Translate, { section, name }: Pick<Figure, "section" | "name">) {
  const own = t(`books.figures.${name}`);
  const found = sectionName(t, section);
  return found === null ? own : `${found} · ${own}`;
}

/** The name of an account or a unit; null of another section, whose figures say what they are. */
function sectionName(t: Translate, section: string): string | null {
  if (isAccount({ name: section, figures: [] })) return t(`books.accounts.${accountKey(section)}`);
  if (!isUnit({ name: section, figures: [] })) return null;
  return t(`books.units.${section.replace("ledger:", "")}`);
}
