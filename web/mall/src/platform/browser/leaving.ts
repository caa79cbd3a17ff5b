/** Leave for a page outside the mall, such as the provider's. */
export function leaveFor(url: string): void {
  window.location.assign(url);
}

/** Open a page of the mall as a new document, in place of this one. */
export function loadAnew(page: string): void {
  window.location.replace(page);
}
