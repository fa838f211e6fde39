// What tests look with: elements as people name them, in open shadow roots too, and only what is on the screen.
const everything = (root) =>
  [...root.querySelectorAll("*")].flatMap((el) => (el.shadowRoot ? [el, ...everything(el.shadowRoot)] : [el]));
const implicit = {
  BUTTON: "button", TEXTAREA: "textbox", SELECT: "combobox", DIALOG: "dialog", ARTICLE: "article", SUMMARY: "button",
  IFRAME: "iframe", ASIDE: "complementary", IMG: "img", H1: "heading", H2: "heading", H3: "heading",
};
// In XHTML names of elements are in lower case.
const tagOf = (el) => el.tagName.toUpperCase();
const roleOf = (el) => {
  const said = el.getAttribute("role");
  if (said) return said;
  const tag = tagOf(el);
  if (tag === "A") return el.hasAttribute("href") ? "link" : "";
  if (tag === "INPUT") return { checkbox: "checkbox", radio: "radio", submit: "button" }[el.type] || "textbox";
  return implicit[tag] || "";
};
const tidy = (text) => (text || "").replace(/\s+/g, " ").trim();
const spoken = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
  return [...node.childNodes].map(spoken).join(" ");
};
const nameOf = (el) => {
  const by = (el.getAttribute("aria-labelledby") || "").split(" ").map((id) => id && el.getRootNode().getElementById(id));
  if (by.some(Boolean)) return tidy(by.filter(Boolean).map(spoken).join(" "));
  const label = el.getAttribute("aria-label") || el.getAttribute("alt");
  if (label) return tidy(label);
  if (el.labels && el.labels.length) return tidy([...el.labels].map(spoken).join(" "));
  return tidy(spoken(el)) || tidy(el.title);
};
const shown = (el) => el.checkVisibility({ visibilityProperty: true });
const named = (role, name) => {
  const fit = everything(document).filter((el) => roleOf(el) === role && shown(el));
  return fit.find((el) => nameOf(el) === name) || fit.find((el) => nameOf(el).startsWith(name)) || null;
};
// The widget's frame, wherever it stands.
const chatFrame = () => everything(document).find((el) => tagOf(el) === "IFRAME") || null;
