// Runs before every document of a page and of its frames, and notes what a test asks for later.
(() => {
  const seen = { errors: [], violations: [], canary: [], said: [], told: [] };
  Object.defineProperty(window, "__seen", { value: seen });
  // What hostile texts try to call.
  Object.defineProperty(window, "__xss", { value: (what) => seen.canary.push(String(what)) });
  addEventListener("error", (event) => seen.errors.push(event.message || "error"));
  // What the page says to the chat's document.
  addEventListener("message", (event) => event.data?.portico && seen.told.push(event.data));
  addEventListener("unhandledrejection", (event) => seen.errors.push("rejection: " + event.reason));
  addEventListener(
    "securitypolicyviolation",
    (event) => seen.violations.push(event.effectiveDirective + " " + event.blockedURI + " " + event.sample),
    true,
  );
  // What screen readers are told: additions to polite regions that are not whole widgets' states.
  const heard = (node) => {
    const region = node.parentElement && node.parentElement.closest("[aria-live=polite]");
    if (region && node.textContent) seen.said.push(node.textContent);
  };
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(heard))).observe(document, {
    childList: true,
    subtree: true,
  });
})();
