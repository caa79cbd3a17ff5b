/** An act of the member: sent once for each intention, however often it is tapped. */
import { failureBehind, Refused, SignedOut, type Failure } from "@jifen/shared/failures";
import { ref, shallowRef } from "vue";

import { isOnline } from "#platform/surroundings";
import { askToAgree, needsConsent } from "@/state/consent";
import { intentions } from "@/state/jifen";
import { askToSignIn } from "@/state/member";

/** Do an act; where new terms stand before it, once more after the member has agreed to them. */
async function withConsent<Done>(act: () => Promise<Done>): Promise<Done> {
  try {
    return await act();
  } catch (error) {
    const failure = failureBehind(error, isOnline());
    if (!needsConsent(failure) || !(await askToAgree(failure))) throw failure;
    return act();
  }
}

/**
 * Acts under a name, such as `order`.
 *
 * `run(content, act)` gives `act` the key of the intention to do exactly this: the same one for a
 * second try and after a reload, until the act took effect. While one act runs, others do nothing.
 * It returns what the act returned, or `null` with `failure` set.
 */
export function useAct(name: string) {
  const busy = ref(false);
  const failure = shallowRef<Failure | null>(null);

  async function run<Done>(content: unknown, act: (key: string) => Promise<Done>) {
    if (busy.value) return null;
    [busy.value, failure.value] = [true, null];
    try {
      const done = await withConsent(() => act(intentions.keyOf(name, content)));
      intentions.done(name);
      return done;
    } catch (error) {
      failure.value = failureBehind(error, isOnline());
      if (failure.value instanceof SignedOut) askToSignIn();
      return null;
    } finally {
      busy.value = false;
    }
  }

  const about = (field: string) =>
    failure.value instanceof Refused ? failure.value.aboutField(field) : null;
  const clear = () => (failure.value = null);
  return { busy, failure, run, about, clear };
}
