/** A category, or something else that stands below another. */
interface Placed {
  id: string;
  parent: string | null;
}

/** One of a tree with its level, 0 at the top. */
export type Level<Each> = Each & { level: number };

/** All of a tree, each after its parent, those of one parent in the order given. */
export function inTree<Each extends Placed>(all: readonly Each[]): Level<Each>[] {
  const known = new Set<string | null>(all.map(({ id }) => id));
  const below = (parent: string | null, level: number): Level<Each>[] =>
    all
      .filter((each) => (known.has(each.parent) ? each.parent : null) === parent)
      .flatMap((each) => [{ ...each, level }, ...below(each.id, level + 1)]);
  return below(null, 0);
}

/** Those that a category may stand below: not itself, and nothing below it. */
export function parentsFor<Each extends Placed>(id: string, all: readonly Each[]): Level<Each>[] {
  const own = new Set<string | null>(id === "" ? [] : [id]);
  return inTree(all).filter((each) => {
    const isOwn = own.has(each.id) || own.has(each.parent ?? "");
    if (isOwn) own.add(each.id);
    return !isOwn;
  });
}

/** A name with its level before it, where a list cannot be indented by style. */
export function indented(name: string, level: number): string {
  return "　".repeat(level) + name;
}
