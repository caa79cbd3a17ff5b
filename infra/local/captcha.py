"""A captcha of this machine: a script with the calls of real ones, and a box to tick.

Source: Turnstile, hCaptcha and reCAPTCHA share `render(place, {sitekey, callback, …})`.
"""

from __future__ import annotations

PASSED = "passed"
SCRIPT = """
window.turnstile = {
  render(place, options) {
    const box = document.createElement("label");
    box.style.cssText = "display:flex;gap:8px;align-items:center;min-height:48px";
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.addEventListener("change", () => tick.checked && options.callback("passed"));
    box.append(tick, "我不是机器人 I am not a robot");
    place.replaceChildren(box);
    return "local";
  },
  remove() {},
  reset() {},
};
"""
