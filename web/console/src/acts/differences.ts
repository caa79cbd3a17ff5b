/** A field that somebody else changed meanwhile, as texts to compare. */
interface Difference<Fields> {
  field: keyof Fields & string;
  before: unknown;
  mine: unknown;
  theirs: unknown;
  /** Both changed it, to different values: one of them is lost. */
  isClash: boolean;
}

/** What changed since `before` was read, where I want `mine` and the mall now has `theirs`. */
export function differences<Fields extends object>(
  before: Fields,
  mine: Fields,
  theirs: Fields,
): Difference<Fields>[] {
  const names = Object.keys(before) as (keyof Fields & string)[];
  return names
    .filter((field) => !same(before[field], theirs[field]))
    .map((field) => ({
      field,
      before: before[field],
      mine: mine[field],
      theirs: theirs[field],
      isClash: !same(before[field], mine[field]) && !same(mine[field], theirs[field]),
    }));
}

/** Theirs, with my changes on top, but for the fields where I `take` theirs. */
export function merged<Fields extends object>(
  before: Fields,
  mine: Fields,
  theirs: Fields,
  take: ReadonlySet<string>,
): Fields {
  const names = Object.keys(before) as (keyof Fields & string)[];
  const changed = names.filter((name) => !same(before[name], mine[name]) && !take.has(name));
  return { ...theirs, ...Object.fromEntries(changed.map((name) => [name, mine[name]])) };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
