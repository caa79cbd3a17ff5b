/** The phone or e-mail that a person typed, as the API takes it; `""` where it is neither. */
export function destinationOf(typed: string): string {
  const text = typed.trim();
  if (text.includes("@")) return /^[^\s@]+@[^\s@]+$/.test(text) ? text : "";
  const digits = text.replace(/[\s-]/g, "");
  if (/^1\d{10}$/.test(digits)) return `+86${digits}`;
  return /^\+\d{6,20}$/.test(digits) ? digits : "";
}

export function channelOf(destination: string): "email" | "sms" {
  return destination.includes("@") ? "email" : "sms";
}

/** The page to come back to: one of the console's own, or its first. */
export function backPath(asked: unknown): string {
  return typeof asked === "string" && /^\/(?![/\\])/.test(asked) ? asked : "/";
}
