/** What an engine has and WeChat's leaves out on some phones. */
export const LACKING = ["Intl", "WebAssembly", "SharedArrayBuffer", "Atomics"];
