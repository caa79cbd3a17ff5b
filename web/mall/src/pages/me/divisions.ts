/** Cities and districts that an address form offers, asked for as they are needed. */
import type { Schema } from "@jifen/shared/schema";
import { computed, shallowRef, type Ref } from "vue";

import type { AddressForm } from "@/pages/me/addressForm";
import { partAtStart } from "@/pages/me/pasted";
import { PROVINCES } from "@/pages/me/places";
import { answer, jifen } from "@/state/jifen";

export type Division = Schema<"DivisionView">;
type Field = "province" | "city" | "district";

const known = new Map<string, Division[]>();

/** What lies below a division; nothing where it cannot be asked: names may be typed, too. */
export async function partsOf(parent: string): Promise<Division[]> {
  const found = known.get(parent);
  if (found) return found;
  try {
    const { data } = await answer(jifen.GET("/v1/divisions", { params: { query: { parent } } }));
    known.set(parent, data);
    return data;
  } catch {
    return [];
  }
}

const named = (among: Division[], name: string) => among.find((each) => each.name === name.trim());

/** What is offered beside the names that are typed. */
async function around({ province, city }: AddressForm) {
  const above = PROVINCES.find(({ name }) => name === province.trim());
  const cities = above ? await partsOf(above.code) : [];
  const chosen = named(cities, city);
  return { cities, districts: chosen?.has_parts ? await partsOf(chosen.code) : [] };
}

/** The code of a place whose names are all offered ones; empty otherwise. */
function codeOf(typed: AddressForm, found: { cities: Division[]; districts: Division[] }): string {
  const district = named(found.districts, typed.district);
  if (district) return district.code;
  const city = named(found.cities, typed.city);
  return city && !city.has_parts ? city.code : "";
}

/** A place as far as its names are known ones; `rest` is what follows them. */
export interface Found {
  province: string;
  city: string;
  district: string;
  division_code: string;
  rest: string;
}

/** The place with which a text begins; `null` if no province does. */
export async function placeIn(text: string): Promise<Found | null> {
  const above = partAtStart(text, PROVINCES);
  if (above === null) return null;
  const province = above.part.name;
  const found = { province, city: "", district: "", division_code: "", rest: above.rest };
  const cities = await partsOf(above.part.code);
  const city = partAtStart(above.rest, cities) ?? (await cityAround(above.rest, cities));
  if (city === null) return found;
  Object.assign(found, { city: city.part.name, rest: city.rest });
  if (!city.part.has_parts) return { ...found, division_code: city.part.code };
  const district = partAtStart(city.rest, await partsOf(city.part.code));
  if (district === null) return found;
  const { part, rest } = district;
  return { ...found, district: part.name, division_code: part.code, rest };
}

/** Of a municipality people name the district alone: the city that has it. */
async function cityAround(text: string, cities: Division[]) {
  if (cities.length > 2) return null;
  for (const part of cities) {
    if (partAtStart(text, await partsOf(part.code))) return { part, rest: text };
  }
  return null;
}

/** Names below the place that is typed, and the code of the place once its names are offered ones. */
export function useDivisions(form: Ref<AddressForm>) {
  const cities = shallowRef<Division[]>([]);
  const districts = shallowRef<Division[]>([]);
  let latest = 0;

  /** A person changes a name: what stood below it is of another place. */
  async function change(field: Field, text: string) {
    const mine = ++latest;
    const was = form.value[field];
    form.value[field] = text;
    form.value.division_code = "";
    if (was === text) return;
    const found = await around(form.value);
    if (mine !== latest) return;
    [cities.value, districts.value] = [found.cities, found.districts];
    form.value.division_code = codeOf(form.value, found);
  }

  return {
    change,
    provinces: PROVINCES.map(({ name }) => name),
    cities: computed(() => cities.value.map(({ name }) => name)),
    districts: computed(() => districts.value.map(({ name }) => name)),
  };
}
