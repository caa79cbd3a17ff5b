import type { Schema } from "@jifen/shared/schema";

import type { Store } from "./stores";

/** A store as a person types it. */
interface StoreForm {
  titleZh: string;
  titleEn: string;
  cityZh: string;
  cityEn: string;
  addressZh: string;
  addressEn: string;
  phone: string;
  opens: string;
  closes: string;
  days: number[];
  staff: string;
  isOpen: boolean;
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

const NEW: StoreForm = {
  titleZh: "",
  titleEn: "",
  cityZh: "",
  cityEn: "",
  addressZh: "",
  addressEn: "",
  phone: "",
  opens: "09:00",
  closes: "21:00",
  days: EVERY_DAY,
  staff: "",
  isOpen: true,
};

export function formOf(store: Store | null): StoreForm {
  if (store === null) return { ...NEW, days: [...EVERY_DAY] };
  const { opens, closes, days } = { ...NEW, ...store.hours[0] };
  return {
    titleZh: store.title["zh-CN"],
    titleEn: store.title.en,
    cityZh: store.city["zh-CN"],
    cityEn: store.city.en,
    addressZh: store.address["zh-CN"],
    addressEn: store.address.en,
    phone: store.phone ?? "",
    opens,
    closes,
    days: [...days],
    staff: store.staff.join("\n"),
    isOpen: store.status === "open",
  };
}

/** What the API takes. Other hours than the first stay as they are. */
export function bodyOf(form: StoreForm, seen: Store | null): Schema<"StoreDraft"> {
  const hours = form.days.length
    ? [{ days: [...form.days].sort(), opens: form.opens, closes: form.closes }]
    : [];
  return {
    title: { "zh-CN": form.titleZh.trim(), en: form.titleEn.trim() },
    city: { "zh-CN": form.cityZh.trim(), en: form.cityEn.trim() },
    address: { "zh-CN": form.addressZh.trim(), en: form.addressEn.trim() },
    phone: form.phone.trim() || null,
    hours: [...hours, ...(seen?.hours.slice(1) ?? [])],
    staff: form.staff.split(/\s+/).filter(Boolean),
    status: form.isOpen ? "open" : "closed",
  };
}

/** Whether each text that the API needs is there. */
export function isWhole(form: StoreForm): boolean {
  const { titleZh, titleEn, cityZh, cityEn, addressZh, addressEn } = form;
  const texts = [titleZh, titleEn, cityZh, cityEn, addressZh, addressEn];
  return texts.every((each) => each.trim() !== "") && form.opens < form.closes;
}
