/** Lines of a cart that a device keeps until somebody signs in. */

export interface GuestLine {
  sku: string;
  quantity: number;
  product: string;
  title: string;
  picture: string;
  specs: string;
  /** Of one unit, when it was put in. */
  points: number;
}

/** As many as a member's cart holds. */
const MOST = 100;

/** What a device kept; nothing of it if it is no list of lines. */
export function keptLines(text: string | null): GuestLine[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter(isLine).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function isLine(found: unknown): found is GuestLine {
  const line = found as Partial<GuestLine> | null;
  return (
    typeof line?.sku === "string" &&
    typeof line.title === "string" &&
    typeof line.product === "string" &&
    Number.isInteger(line.quantity)
  );
}

/** The lines with this one, at its place if it is there; a quantity of 0 takes it away. */
export function withLine(lines: readonly GuestLine[], line: GuestLine): GuestLine[] {
  if (line.quantity < 1) return lines.filter((each) => each.sku !== line.sku);
  if (lines.some((each) => each.sku === line.sku)) {
    return lines.map((each) => (each.sku === line.sku ? line : each));
  }
  return [line, ...lines].slice(0, MOST);
}
