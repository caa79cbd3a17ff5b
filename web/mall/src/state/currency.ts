import { ref } from "vue";

/** The currency of prices and rebates; `/v1/program` may name another. */
export const currency = ref("CNY");
