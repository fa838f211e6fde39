/* How elements are made: no HTML strings and no style in markup, as the page's policy may refuse both. */

/** Makes an element at the end of another one. */
export const el = (name, parent, cls = "", text = "") => {
  const node = document.createElement(name);
  node.className = cls;
  node.textContent = text;
  parent.append(node);
  return node;
};

const shape = (name, parent) => parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));

/** Draws an icon, a path of 24 by 24, in a button. */
export const icon = (d, button) => shape("path", shape("svg", button)).setAttribute("d", d);

/** What closes something. */
export const CROSS = "M18 6 6 18M6 6l12 12";
