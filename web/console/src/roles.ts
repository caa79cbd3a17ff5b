import { computed } from "vue";

import roles from "./roles.json";
import { me } from "./who";

/** A call of the API for the staff, such as `GET /v1/admin/orders`. */
export type StaffCall = keyof typeof roles;

const allowed: Record<string, string[]> = roles;
const STAFF = new Set(Object.values(allowed).flat());

/** The staff's roles of who is signed in. */
export const staffRoles = computed(() => (me.value?.roles ?? []).filter((role) => STAFF.has(role)));

/** Whether who is signed in may make this call. */
export function can(call: StaffCall): boolean {
  return mayCall(staffRoles.value, call);
}

export function mayCall(held: readonly string[], call: StaffCall): boolean {
  return held.some((role) => allowed[call].includes(role));
}
