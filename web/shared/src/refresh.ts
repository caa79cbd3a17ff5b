import { answer, type Jifen } from "./client";
import { SignedOut } from "./failures";
import type { Schema } from "./schema";

/**
 * The tokens that a refresh token is exchanged for, asked by a client that sends no access token.
 *
 * `null`: the refresh token is no longer good. Raises Refused, Offline, TimedOut, Unreachable.
 */
export async function refresh(
  visitor: Jifen,
  body: Schema<"RefreshRequest">,
  headers: Record<string, string>,
): Promise<Schema<"RefreshedView"> | null> {
  try {
    return await answer(visitor.POST("/v1/auth/sessions/refresh", { body, headers }));
  } catch (error) {
    if (error instanceof SignedOut) return null;
    throw error;
  }
}
