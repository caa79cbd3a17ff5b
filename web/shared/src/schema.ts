import type { components, paths } from "./contract";

/** A component of the API's document by its name, such as `Schema<"OrderView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

export type Money = Schema<"Money">;
export type Problem = Schema<"Problem">;
/** The languages that the API speaks. */
export type Language = "zh-CN" | "en";
/** A path of the API, such as `/v1/orders/{id}`. */
export type Path = keyof paths & string;
