import type { Schema } from "@jifen/shared/schema";

/** The program's zone: its days and month ends are meant wherever a page shows a time. */
export let ZONE = "Asia/Shanghai";

/** The currency of prices and rebates. */
export let CURRENCY = "CNY";

/** Take what this mall has decided in place of the usual, before a page shows either. */
export function setProgram({ timezone, currency }: Schema<"ProgramView">): void {
  ZONE = timezone;
  CURRENCY = currency;
}
