import { type ComputedRef, computed, watch } from "vue";

import { answer, jifen } from "@/api";
import { me } from "@/who";

import { People, type Person, personText } from "./people";

const people = new People(async (ids) => {
  const query = { ids: ids.join(",") };
  return (await answer(jifen.GET("/v1/admin/people", { params: { query } }))).data;
});
watch(me, () => people.forget());

/** The person of an id, and what colleagues call them. */
export function usePerson(id: () => string): {
  person: ComputedRef<Person | undefined>;
  name: ComputedRef<string>;
} {
  watch(id, (now) => people.want(now), { immediate: true });
  const person = computed(() => people.find(id()));
  return { person, name: computed(() => personText(person.value)) };
}
