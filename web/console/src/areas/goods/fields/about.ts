import type { InjectionKey } from "vue";

/** What is wrong with a field, named as the API names it; `null` where nothing is. */
export type About = (field: string) => string | null;

export const ABOUT: InjectionKey<About> = Symbol("about");
