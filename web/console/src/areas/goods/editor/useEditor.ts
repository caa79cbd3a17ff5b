import { computed, shallowRef } from "vue";

import { Refused } from "@jifen/shared/failures";

import { answer, intentions, jifen, times } from "@/api";
import { useTask } from "@/parts/useTask";

import type { Product } from "../words";

import { type Flat, formOfFlat } from "./flat";
import { type ProductForm, changeOf, draftOf } from "./form";
import { useDraft } from "./useDraft";
import { useRefusals } from "./useRefusals";

const NEW = "product:new";

/** Edits a product: saves it, and asks where somebody else changed it meanwhile. */
export function useEditor(first: Product | null) {
  const draft = useDraft(first);
  const { product, version, base, form } = draft;
  const known = computed(
    () => new Set(version.value === null ? [] : base.value.skus.map(({ sku }) => sku)),
  );
  const refusals = useRefusals(
    () => form.value,
    () => known.value,
  );
  /** The product as somebody else left it. */
  const theirs = shallowRef<Product | null>(null);

  const saving = useTask(async () => {
    draft.begin(await send(draft));
    refusals.forget();
  });
  const looking = useTask(async (id: string) => {
    theirs.value = await find(id);
  });

  /** Save what was typed. Whether it was saved. */
  async function save(): Promise<boolean> {
    if (!refusals.check()) return false;
    if (await saving.run()) return true;
    const failure = saving.failure.value;
    const isStale = failure instanceof Refused && failure.isStale;
    if (isStale ? await looking.run(product.value?.id ?? "") : refusals.take(failure)) {
      saving.forget();
    }
    return false;
  }

  /** Go on with the fields that a person chose, on top of what the mall has. */
  async function solve(fields: Flat): Promise<boolean> {
    if (theirs.value === null) return false;
    draft.begin(theirs.value, formOfFlat(fields));
    return draft.isChanged.value ? save() : true;
  }

  function discard(): void {
    draft.discard();
    refusals.forget();
    saving.forget();
  }

  return { ...draft, known, refusals, theirs, saving, save, solve, discard };
}

export type Editor = ReturnType<typeof useEditor>;

function find(id: string): Promise<Product> {
  return answer(jifen.GET("/v1/admin/products/{id}", { params: { path: { id } } }));
}

function send({ product, version, base, form }: ReturnType<typeof useDraft>): Promise<Product> {
  if (product.value === null) return create(form.value);
  const { id } = product.value;
  const params = { path: { id }, header: { "If-Match": String(version.value) } };
  const body = changeOf(base.value, form.value, times);
  return answer(jifen.PATCH("/v1/admin/products/{id}", { params, body }));
}

async function create(form: ProductForm): Promise<Product> {
  const body = draftOf(form, times);
  const header = { "Idempotency-Key": intentions.keyOf(NEW, body) };
  const made = await answer(jifen.POST("/v1/admin/products", { params: { header }, body }));
  intentions.done(NEW);
  return made;
}
