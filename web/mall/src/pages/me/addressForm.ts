/** A postal address as it is typed. */
import type { Schema } from "@jifen/shared/schema";

import { HOME_COUNTRY } from "@/parts/countries";

export interface AddressForm {
  recipient: string;
  phone: string;
  country: string;
  province: string;
  city: string;
  district: string;
  street: string;
  postal_code: string;
  /** Of the place in China, where its names are known ones; empty otherwise. */
  division_code: string;
  is_default: boolean;
}

/** The fields in which a problem can lie, as the API names them. */
export const FIELDS = [
  "recipient",
  "phone",
  "country",
  "province",
  "city",
  "district",
  "street",
  "postal_code",
  "is_default",
] as const;

/** The fields that are empty and may not be. */
export function lacking(form: AddressForm): string[] {
  const { recipient, phone, province, city, street } = form;
  const asked = { recipient, phone, ...(form.country === HOME_COUNTRY ? { province } : {}) };
  return Object.entries({ ...asked, city, street })
    .filter(([, text]) => text.trim() === "")
    .map(([field]) => field);
}

export function emptyForm(): AddressForm {
  const texts = { recipient: "", phone: "", province: "", city: "", district: "", street: "" };
  return { ...texts, postal_code: "", division_code: "", country: HOME_COUNTRY, is_default: false };
}

export function formOf(address: Schema<"AddressView">): AddressForm {
  const { recipient, phone, country, province, city, street, is_default } = address;
  const { district, postal_code, division_code } = address;
  const known = { recipient, phone, country, province, city, street, is_default };
  return {
    ...known,
    district: district ?? "",
    postal_code: postal_code ?? "",
    division_code: division_code ?? "",
  };
}

/** A new address without outer spaces; what is left empty and may be absent is `null`. */
export function newAddress(form: AddressForm): Schema<"NewAddress"> {
  return {
    recipient: form.recipient.trim(),
    phone: form.phone.trim(),
    country: form.country,
    province: form.province.trim() || null,
    city: form.city.trim(),
    district: form.district.trim() || null,
    street: form.street.trim(),
    postal_code: form.postal_code.trim() || null,
    division_code: (form.country === HOME_COUNTRY && form.division_code) || null,
    is_default: form.is_default,
  };
}

/** A change to what is typed. The default one stays it: another takes its place by being made so. */
export function changeOf(form: AddressForm): Schema<"AddressChange"> {
  const { is_default, ...change } = newAddress(form);
  return is_default ? { ...change, is_default } : change;
}
