/**
 * The browser's own elements under names that uni-app does not replace.
 *
 * uni-app makes `<button>` and `<input>` elements of its own that no keyboard and no screen reader
 * can use. In the browser the parts use these instead; in the mini program uni-app's.
 */
import { h, type FunctionalComponent } from "vue";

const native =
  (tag: string): FunctionalComponent =>
  (_props, { attrs, slots }) =>
    h(tag, attrs, slots.default?.());

export const NativeButton = native("button");
export const NativeLink = native("a");
export const NativeForm = native("form");
export const NativeInput = native("input");
export const NativeTextarea = native("textarea");
export const NativeSelect = native("select");
export const NativeDatalist = native("datalist");
export const NativeOption = native("option");
export const NativeLabel = native("label");
export const NativeImage = native("img");
