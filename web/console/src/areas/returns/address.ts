const KEPT = "console:return-address";

/** Where goods were last told to be sent: the next ones mostly go there, too. */
export function keptAddress(): string {
  return localStorage.getItem(KEPT) ?? "";
}

export function keepAddress(told: string): void {
  if (told !== "") localStorage.setItem(KEPT, told);
}
