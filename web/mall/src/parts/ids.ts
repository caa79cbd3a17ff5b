let last = 0;

/** An id for an element of this page that no other has. */
export function useId(): string {
  last += 1;
  return `part-${last}`;
}
