/** The value that one of uni-app's own elements tells with an event. */
export function detailOf<Value>(event: Event): Value {
  return (event as unknown as { detail: { value: Value } }).detail.value;
}
