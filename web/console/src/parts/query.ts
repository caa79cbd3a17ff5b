/** The text of a parameter of the page's address, which may stand there twice, or not at all. */
export function textIn(parameter: unknown): string | undefined {
  return typeof parameter === "string" ? parameter : undefined;
}
