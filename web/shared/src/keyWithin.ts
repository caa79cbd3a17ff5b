import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex } from "@noble/hashes/utils";

/** Enough to tell the contents of one intention apart: it protects nothing. */
const BYTES = 16;

/**
 * The key of `content` within an intention whose random `root` is in a page's address.
 *
 * Windows that show one address share the key: both may send, and one takes effect.
 */
export function keyWithin(root: string, content: unknown): string {
  const digest = sha256(JSON.stringify(content));
  return `${root}-${bytesToHex(digest.subarray(0, BYTES))}`;
}
