import { computed, ref } from "vue";

import { Refused, type Failure } from "@jifen/shared/failures";

import i18n from "@/language";

import type { About } from "../fields/about";

import { mistakesOf } from "./checks";
import { flatNameOf, flatOf, isWithin } from "./flat";
import type { ProductForm } from "./form";
import { placed } from "./terms";

interface Refusal {
  field: string;
  message: string;
}

/** The mistakes of a form: ours once a person tried to save, and the API's until they are mended. */
export function useRefusals(form: () => ProductForm, known: () => ReadonlySet<string>) {
  const hasTried = ref(false);
  const refused = ref<(Refusal & { of: string })[]>([]);

  const ours = computed(() =>
    [...mistakesOf(form(), known())].map(([field, mistake]) => ({
      field,
      message: i18n.global.t(`goods.mistakes.${mistake}`),
    })),
  );
  const theirs = computed(() => refused.value.filter(({ field, of }) => textOf(field) === of));
  const all = computed(() => [...(hasTried.value ? ours.value : []), ...theirs.value]);

  /** The form's field as it is now, to see whether it was mended. */
  function textOf(field: string): string {
    const flat = flatOf(form());
    const name = flatNameOf(field, flat);
    return name === undefined ? "" : JSON.stringify(flat[name]);
  }

  /** Take the refusals of single fields; whether there were any. */
  function take(failure: Failure | null): boolean {
    const found = failure instanceof Refused ? refusalsIn(failure, form()) : [];
    refused.value = found.map((each) => ({ ...each, of: textOf(each.field) }));
    return found.length > 0;
  }

  const about: About = (field) => messageAbout(field, all.value);

  return {
    about,
    take,
    count: computed(() => all.value.length),
    /** Show our own mistakes from now on; whether there are none. */
    check: () => {
      hasTried.value = true;
      return ours.value.length === 0;
    },
    forget: () => {
      hasTried.value = false;
      refused.value = [];
    },
  };
}

/** A refusal of the field itself, of a part of it, or of what it is a part of. */
function messageAbout(field: string, all: readonly Refusal[]): string | null {
  const found =
    all.find((each) => each.field === field) ??
    all.find((each) => isWithin(each.field, field)) ??
    all.find((each) => field.startsWith(`${each.field}.`));
  return found?.message ?? null;
}

/** A refusal's fields. A taken SKU is told as a fact of its own. */
function refusalsIn(failure: Refused, form: ProductForm): Refusal[] {
  const { skus } = form;
  const taken = failure.code === "sku_exists" ? failure.fact("sku") : undefined;
  const at = skus.findIndex(({ sku }) => sku.trim() === taken);
  const told = at < 0 ? [] : [{ field: `skus[${at}].sku`, message: failure.problem.detail }];
  const errors = failure.problem.errors.map(({ field, message }) => ({
    field: placed(field, form),
    message,
  }));
  return [...errors, ...told];
}
