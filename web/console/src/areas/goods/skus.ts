/** Whether the API takes a text as a SKU's code. */
export function isSku(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,32}$/.test(text);
}
