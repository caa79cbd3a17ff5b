import { CARRIER_NAMES } from "@jifen/shared/carriers";

/** Carriers by the letters that their tracking numbers begin with; members read these names. */
const BY_PREFIX = {
  SF: "顺丰速运",
  JD: "京东物流",
  YT: "圆通速递",
  JT: "极兔速递",
  DP: "德邦快递",
} as const;

export const CARRIERS = CARRIER_NAMES;

const KEPT = "console:carrier";

/** The carrier that a tracking number tells of; `null` where it tells of none. */
export function carrierOf(trackingNumber: string): string | null {
  const prefix = trackingNumber.trim().slice(0, 2).toUpperCase();
  return prefix in BY_PREFIX ? BY_PREFIX[prefix as keyof typeof BY_PREFIX] : null;
}

/** The carrier of the last parcel: the next one mostly goes the same way. */
export function lastCarrier(): string {
  return localStorage.getItem(KEPT) ?? "";
}

export function keepCarrier(name: string): void {
  localStorage.setItem(KEPT, name);
}

/** Whether the API takes this as a tracking number. */
export function isTrackingNumber(text: string): boolean {
  return /^[A-Za-z0-9 -]{1,40}$/.test(text) && /[A-Za-z0-9]/.test(text);
}
