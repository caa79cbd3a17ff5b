import { onUnmounted, ref } from "vue";

/** Seconds that are left of a wait. */
export function useCountdown() {
  const left = ref(0);
  let timer: ReturnType<typeof setInterval> | undefined;

  function stop() {
    clearInterval(timer);
  }

  function start(seconds: number) {
    stop();
    left.value = seconds;
    timer = setInterval(() => {
      left.value -= 1;
      if (left.value <= 0) stop();
    }, 1000);
  }

  onUnmounted(stop);
  return { left, start };
}
