import { fileURLToPath } from "node:url";

/** Screenshots of failures, and what was measured; ignored by git. */
export const SHOTS = fileURLToPath(new URL("../shots", import.meta.url));
/** Pictures of README. */
export const PICTURES = fileURLToPath(new URL("../../../docs/pictures", import.meta.url));
