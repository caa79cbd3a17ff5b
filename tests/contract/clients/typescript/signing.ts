/** The headers of a partner's request with this body: docs/signing.md. */
export async function signed(
  partner: string,
  secret: string,
  body: string,
): Promise<Record<string, string>> {
  const bytes = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), hmac, false, ["sign"]);
  const t = Math.floor(Date.now() / 1000);
  const digest = await crypto.subtle.sign("HMAC", key, bytes.encode(`${t}.${body}`));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0"));
  return { "Jifen-Key": partner, "Jifen-Signature": `t=${t},v1=${hex.join("")}` };
}
