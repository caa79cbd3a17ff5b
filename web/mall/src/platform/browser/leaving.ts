/** Leave for a page outside the mall, such as the provider's. */
export function leaveFor(url: string): void {
  window.location.assign(url);
}
