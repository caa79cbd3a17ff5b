import { computed, shallowRef } from "vue";

import { randomKey } from "@jifen/shared/browser";
import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";
import { useTask } from "@/parts/useTask";

import { batchesOf } from "./codes";

/** A part of an import. Each try of it sends the same key, so none of its codes comes twice. */
interface Batch {
  codes: string[];
  key: string;
  result: Schema<"ImportView"> | null;
}

/**
 * Imports codes batch by batch, and goes on after a failure where it stopped.
 *
 * Codes are as good as money: they are kept in this page's memory alone.
 */
export function useImport(sku: string) {
  const batches = shallowRef<Batch[]>([]);
  const results = computed(() => batches.value.flatMap(({ result }) => result ?? []));

  const sending = useTask(async () => {
    for (const batch of batches.value.filter(({ result }) => result === null)) {
      const result = await send(batch);
      batches.value = batches.value.map((each) => (each === batch ? { ...each, result } : each));
    }
  });

  function send({ codes, key }: Batch): Promise<Schema<"ImportView">> {
    const params = { path: { sku }, header: { "Idempotency-Key": key } };
    return answer(jifen.POST("/v1/admin/code-pools/{sku}/codes", { params, body: { codes } }));
  }

  function begin(codes: readonly string[]): Promise<boolean> {
    batches.value = batchesOf(codes).map((part) => ({
      codes: part,
      key: randomKey(),
      result: null,
    }));
    return sending.run();
  }

  const sum = (of: (result: Schema<"ImportView">) => number) =>
    results.value.reduce((total, each) => total + of(each), 0);

  return {
    sending,
    begin,
    goOn: () => sending.run(),
    forget: () => (batches.value = []),
    hasBegun: computed(() => batches.value.length > 0),
    isDone: computed(
      () => batches.value.length > 0 && results.value.length === batches.value.length,
    ),
    progress: computed(() => ({
      done: sum(({ imported, duplicates }) => imported + duplicates),
      total: batches.value.reduce((total, { codes }) => total + codes.length, 0),
      imported: sum(({ imported }) => imported),
      duplicates: sum(({ duplicates }) => duplicates),
    })),
  };
}
