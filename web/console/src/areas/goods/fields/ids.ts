let made = 0;

/** An id that no other element of the page has. */
export function nextId(): string {
  made += 1;
  return `field-${made}`;
}
