/** What a deployment decides once, as its API does: docs/settings.md, `JIFEN_TIMEZONE` and more. */

/** The program's zone: its days and month ends are meant wherever a page shows a time. */
export const ZONE: string = import.meta.env.VITE_PROGRAM_ZONE ?? "Asia/Shanghai";

/** The currency of prices and rebates. */
export const CURRENCY: string = import.meta.env.VITE_CURRENCY ?? "CNY";
