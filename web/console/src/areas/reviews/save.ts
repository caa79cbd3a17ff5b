import { times } from "@/api";
import i18n from "@/language";
import { csv, saveFile } from "@/table/csv";

import type { Review } from "./reviews";

/** Keep the page's reviews as a file. */
export function saveReviews(name: string, reviews: readonly Review[]): void {
  const { t } = i18n.global;
  const header = ["id", "goods", "sku", "stars", "words", "state", "at"] as const;
  const cells = reviews.map((review) => [
    review.id,
    review.title,
    review.sku,
    String(review.rating),
    review.text,
    review.status_text,
    times.show(review.created_at),
  ]);
  saveFile(
    `${name}.csv`,
    csv(
      header.map((column) => t(`reviews.columns.${column}`)),
      cells,
    ),
  );
}
