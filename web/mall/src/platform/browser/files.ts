/** Files that a person keeps, and paper. `wechat/files.ts` has the same names. */

/** Whether this device prints pages. */
export const PRINTS = true;

/** Give a person a text as a file. */
export async function saveText(name: string, text: string): Promise<void> {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun only after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export function printPage(): void {
  window.print();
}
