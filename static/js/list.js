// Lists and fields from <template>s: text and attributes only, never markup in strings.

/** A fresh copy of the one element inside <template id="...">. */
export const clone = (id) =>
  document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Show `items` in `parent`, one element per key, moving and keeping those already there.
 *  Returns the elements that are new, so a screen can say what changed. */
export function list(parent, items, { key, make, fill, leave }) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const fresh = [];
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let node = old.get(name);
    if (node) old.delete(name);
    else {
      node = typeof make === "string" ? clone(make) : make(item);
      node.dataset.key = name;
      fresh.push(node);
    }
    fill(node, item);
    if (node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of old.values()) (leave ?? ((gone) => gone.remove()))(node);
  return fresh;
}

const setters = {
  text: (node, value) => {
    const text = value == null ? "" : String(value);
    // Writing the same text again would make screen readers say it again.
    if (node.textContent !== text) node.textContent = text;
  },
  hidden: (node, value) => {
    node.hidden = Boolean(value);
  },
};

/** Fill the parts of `root` named by data-part: `fill(node, {code: "W041", lane: {hidden: true}})`.
 *  A plain value is text; an object sets text, hidden, or any attribute (null takes it away). */
export function fill(root, parts) {
  for (const [name, value] of Object.entries(parts)) {
    for (const node of partsOf(root, name)) {
      if (value === null || typeof value !== "object") setters.text(node, value);
      else for (const [what, to] of Object.entries(value)) set(node, what, to);
    }
  }
  return root;
}

/** Set text, hidden, or one attribute of a node; null or false takes the attribute away. */
export function set(node, what, value) {
  if (setters[what]) return setters[what](node, value);
  if (value === null || value === undefined || value === false) node.removeAttribute(what);
  else if (node.getAttribute(what) !== String(value)) {
    node.setAttribute(what, value === true ? "" : value);
  }
}

export const part = (root, name) => partsOf(root, name)[0] ?? null;

function partsOf(root, name) {
  const found = [...root.querySelectorAll(`[data-part="${name}"]`)];
  return root.dataset?.part === name ? [root, ...found] : found;
}

let words = document;

/** From now on sentences are taken from here first: the board goes from language to language. */
export const sayFrom = (root) => (words = root);

/** The sentence <template data-text="name"> holds, its {gaps} filled: the page's words, not ours.
 *  With a gap {count} it is the plural form of the page's language. */
export function say(name, gaps = {}, root = words) {
  const found = kept(root, name, gaps.count) ?? kept(document, name, gaps.count);
  if (!found) throw new Error(`no text named ${name} on this page`);
  return found.content.textContent.trim().replace(/\{(\w+)\}/g, (gap, key) => gaps[key] ?? gap);
}

function kept(root, name, count) {
  const any = `template[data-text="${name}"]`;
  if (!Number.isFinite(count)) return root.querySelector(any);
  const plural = new Intl.PluralRules(document.documentElement.lang).select(count);
  return root.querySelector(`${any}[data-plural="${plural}"]`) ?? root.querySelector(any);
}
