import { computed, ref, shallowRef, watch } from "vue";

import { merged } from "@/acts/differences";
import { times } from "@/api";
import { me } from "@/who";

import type { Product } from "../words";

import { type Flat, flatOf, formOfFlat } from "./flat";
import { type ProductForm, firstForm, formOf } from "./form";
import { type Draft, KeptDraft } from "./kept";

const NONE: ReadonlySet<string> = new Set();

/** What a person typed, beside the product that it began from; kept over a reload. */
export function useDraft(first: Product | null) {
  const kept = new KeptDraft(me.value?.id ?? "", first?.id ?? "new");
  const found = kept.read();
  const { version, base, form } = startOf(first, found);
  const product = shallowRef(first);
  const isRestored = ref(found !== null);
  const isChanged = computed(() => JSON.stringify(form.value) !== JSON.stringify(base.value));

  watch([form, base], keep, { deep: true });

  function keep(): void {
    if (isChanged.value) kept.keep({ version: version.value, base: base.value, form: form.value });
    else forget();
  }

  function forget(): void {
    isRestored.value = false;
    kept.forget();
  }

  /** Begin from the product as the mall has it now, with this on top. */
  function begin(now: Product, mine: ProductForm = read(now)): void {
    [product.value, version.value, base.value, form.value] = [now, now.version, read(now), mine];
    keep();
  }

  /** A change of ours took effect: go on from it with what is typed. */
  function adopt(now: Product): void {
    // A draft from an older version asks about what changed when it is saved.
    if (now.version !== (version.value ?? 0) + 1) {
      product.value = now;
      return;
    }
    const [before, mine] = [flatOf(base.value), flatOf(form.value)];
    begin(now, formOfFlat(merged<Flat>(before, mine, flatOf(read(now)), NONE)));
  }

  function discard(): void {
    if (product.value !== null) begin(product.value);
    else form.value = copy(base.value);
    forget();
  }

  return { product, version, base, form, isRestored, isChanged, begin, adopt, discard, forget };
}

/** The draft that was kept; else the product as it is. */
function startOf(first: Product | null, found: Draft | null) {
  const begun = found ?? {
    version: first?.version ?? null,
    base: read(first),
    form: read(first),
  };
  return {
    version: ref(begun.version),
    base: ref<ProductForm>(begun.base),
    form: ref<ProductForm>(begun.form),
  };
}

export function read(product: Product | null): ProductForm {
  return product === null ? firstForm() : formOf(product, times);
}

function copy(form: ProductForm): ProductForm {
  return JSON.parse(JSON.stringify(form)) as ProductForm;
}
