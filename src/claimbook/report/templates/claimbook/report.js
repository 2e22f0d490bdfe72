"use strict";
// Search, filter and sort claims; links find rows that are hidden.
(() => {
  const table = document.querySelector("table.claims");
  const fields = document.querySelector(".fields");
  if (!table || !fields) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const codes = rows.map((row) => row.dataset.f.split(" "));
  const search = fields.querySelector("input");
  const again = fields.querySelector("button");
  const selects = [...fields.querySelectorAll("select")];
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const order = new Intl.Collator(undefined, { numeric: true }).compare;
  let texts = null, chosen = null;

  function show() {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const sets = selects.map((select) => select.value && new Set(select.value.split(" ")));
    if (words.length) texts ||= rows.map((row) => fold(row.textContent));
    let found = 0;
    rows.forEach((row, i) => {
      const hit = (!chosen || chosen.has(row.id)) &&
        sets.every((set, k) => !set || set.has(codes[i][k])) &&
        words.every((word) => texts[i].includes(word));
      if (row.hidden === hit) row.hidden = !hit;
      found += hit;
    });
    const all = found === rows.length;
    fields.querySelector("[role=status]").textContent =
      `${all ? "All" : found + " of"} ${rows.length} claims shown`;
    again.disabled = all;
  }

  function clear() {
    for (const field of [search, ...selects]) field.value = "";
    chosen = null;
  }

  function reveal(hash) {
    const row = document.getElementById(hash.slice(1))?.closest("table.claims tr");
    if (row?.hidden) clear(), show();
    return row;
  }

  function sort(head, column) {
    const way = { none: "ascending", ascending: "descending", descending: "none" }[head.ariaSort];
    for (const other of table.tHead.rows[0].cells) other.ariaSort = "none";
    head.ariaSort = way;
    // levels by their place on the scale, all else by its words
    const keys = rows.map((row, i) => column === 5 ? codes[i][4] : row.cells[column].textContent);
    const places = rows.map((_, i) => i);
    const sign = way === "descending" ? -1 : 1;
    if (way !== "none") places.sort((a, b) => sign * order(keys[a], keys[b]) || a - b);
    body.remove(); // rows move faster out of the page
    body.append(...places.map((i) => rows[i]));
    table.append(body);
  }

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
    head.ariaSort = "none";
  });
  let wait;
  search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(show, 120); });
  for (const select of selects) select.addEventListener("change", show);
  again.addEventListener("click", () => { clear(); show(); search.focus(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    if (!link.dataset.claims) return void reveal(link.getAttribute("href"));
    event.preventDefault();
    clear();
    chosen = new Set(link.dataset.claims.split(" ").map((id) => `claim-${id}`));
    show();
    location.hash = "register";
    fields.scrollIntoView();
    again.focus();
  });
  addEventListener("hashchange", () => reveal(location.hash)?.scrollIntoView());
  // a mark of a figure says what it leads to
  for (const link of document.querySelectorAll("svg a[href^='#claim-']")) {
    const row = document.getElementById(link.getAttribute("href").slice(1));
    if (!row) continue;
    const [, source, , , , level, says] = row.cells;
    const [name, claim] = [source, says].map((cell) => cell.firstChild.textContent);
    const text = `${name}: ${claim} (${level.textContent})`;
    if (link.ariaLabel) link.ariaLabel = text;
    const title = document.createElementNS(link.namespaceURI, "title");
    title.textContent = text;
    link.append(title);
  }
  fields.hidden = false;
  show();
  if (location.hash) reveal(location.hash)?.scrollIntoView();
})();
