/** The time until a moment in days and a clock; `null` once it has come. */
export function leftUntil(at: string, nowMs: number): { days: number; clock: string } | null {
  const seconds = Math.ceil((Date.parse(at) - nowMs) / 1000);
  if (seconds <= 0) return null;
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const clock = `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
  return { days: Math.floor(seconds / 86_400), clock };
}
