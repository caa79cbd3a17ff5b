/** Members whom the rules of risk suspect: many on one device. */
import type { Person, World } from "./world";

/** Longer than what is new of a member waits to be assessed. */
const GATHERED_S = 180;

/** So many members who signed in on one device. */
export async function onOneDevice(world: World, count: number): Promise<Person[]> {
  const device = `device-${world.key()}`;
  const found: Person[] = [];
  for (let number = 0; number < count; number += 1) {
    found.push(await world.registered(world.phone(), null, device));
  }
  return found;
}

/** Everybody of whom something is new is assessed: the clock moves, so in `later/` alone. */
export async function assessed(world: World): Promise<void> {
  await world.local.drain();
  await world.local.advance(GATHERED_S);
  await world.local.run("assess_risk");
  await world.local.drain();
}
