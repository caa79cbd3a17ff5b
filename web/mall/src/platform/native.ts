import { h, type FunctionalComponent } from "vue";

const native =
  (tag: string): FunctionalComponent =>
  (_props, { attrs, slots }) =>
    h(tag, attrs, slots);

export const NativeButton = native("button");
