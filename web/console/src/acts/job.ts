import type { Schema } from "@jifen/shared/schema";

/** A job of any kind, as `GET /v1/admin/jobs/{id}` tells it. */
export type Job =
  | Schema<"JobView">
  | Schema<"RebuildView">
  | Schema<"ImportJobView">
  | Schema<"ReplayJobView">
  | Schema<"CouponJobView">
  | Schema<"ForecastJobView">;
