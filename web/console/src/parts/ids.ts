/** Ids differ at their end as much as at their beginning: the kind and six letters tell them. */
const SHOWN = 10;

export function shortId(id: string): string {
  return id.length > SHOWN + 1 ? `${id.slice(0, SHOWN)}…` : id;
}
