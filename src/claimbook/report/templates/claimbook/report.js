"use strict";
// Search, filter and sort claims, kept in the address; links find rows that are hidden.
(() => {
  const fields = document.querySelector(".fields");
  const tables = [...document.querySelectorAll("table.claims")];
  const [table] = tables;
  if (!table || !fields) return;
  const register = document.getElementById("register");
  const body = table.tBodies[0];
  const fold = register.querySelector(".fold");
  const first = body.rows.length;
  const rows = tables.flatMap((one) => [...one.tBodies[0].rows]);
  const codes = rows.map((row) => row.dataset.f.split(" "));
  const search = fields.querySelector("input");
  const again = fields.querySelector("button");
  const none = fields.querySelector(".none");
  const status = fields.querySelector("[role=status]");
  const selects = [...fields.querySelectorAll("select")];
  const heads = [...table.tHead.rows[0].cells];
  const noun = fields.dataset.noun;
  const order = new Intl.Collator(undefined, { numeric: true }).compare;
  let texts = null, chosen = null, sorting = null;

  // one spelling for case, accents, hyphens and what British and American English spell apart
  const plain = (text) => text.normalize("NFKD").replace(/[\p{M}\u00ad]/gu, "").toLowerCase();
  const spell = (text) => plain(text).replace(/[-‐‑–’']/g, "").replace(/our(?!s?e)/g, "or")
    .replace(/[ao]e/g, "e").replace(/z/g, "s").replace(/ll/g, "l").replace(/tre\b/g, "ter");
  const read = () => texts ||= rows.map((row) => spell(`${row.textContent} ${row.dataset.w || ""}`));
  const list = (text) => spell(text).split(/\s+/).filter(Boolean);

  // which rows each condition lets through: the words, each field, a list of claims
  function find() {
    const words = list(search.value);
    const tests = selects.map((select, k) => {
      const set = select.value && new Set(select.value.split(" "));
      return set ? (i) => set.has(codes[i][k]) : null;
    });
    tests.push(words.length ? (i) => words.every((word) => read()[i].includes(word)) : null);
    tests.push(chosen ? (i) => chosen.has(rows[i].id) : null);
    return tests;
  }

  function show() {
    const tests = find();
    const used = tests.some(Boolean);
    const counts = selects.map(() => ({}));
    let found = 0;
    const hits = rows.map((_, i) => {
      let failed = -1, fails = 0;
      tests.forEach((test, k) => { if (test && !test(i)) failed = k, fails++; });
      if (!fails) found++;
      selects.forEach((_, k) => {
        if (!fails || (fails === 1 && failed === k)) counts[k][codes[i][k]] = (counts[k][codes[i][k]] || 0) + 1;
      });
      return !fails;
    });
    selects.forEach((select, k) => {
      for (const option of select.options) {
        if (!option.value) continue;
        const number = option.value.split(" ").reduce((sum, code) => sum + (counts[k][code] || 0), 0);
        const text = `${option.dataset.n} (${number})`;
        if (option.text !== text) option.text = text;
      }
    });
    place(used || sorting);
    rows.forEach((row, i) => { if (row.hidden === hits[i]) row.hidden = !hits[i]; });
    const all = found === rows.length;
    status.textContent = `${all ? "All" : found + " of"} ${rows.length} ${noun}${used || sorting || !fold ? " shown" : ""}`;
    again.disabled = !used && !sorting;
    none.hidden = found > 0;
    if (!found) advise(tests);
  }

  // as long as nothing is asked, the first few stand open and the rest in a fold
  function place(open) {
    if (!fold) { sort(); return; }
    fold.hidden = Boolean(open);
    const rest = fold.querySelector("tbody");
    if (!open && rest.rows.length) return;
    if (!open) { rows.forEach((row, i) => (i < first ? body : rest).append(row)); return; }
    sort();
  }

  function sort() {
    const [column, way] = sorting || [];
    const places = rows.map((_, i) => i);
    if (sorting) {
      // levels by their place on the scale, all else by its words
      const keys = rows.map((row, i) => column === 5 ? codes[i][4] : row.cells[column].textContent);
      const sign = way === "descending" ? -1 : 1;
      places.sort((a, b) => sign * order(keys[a], keys[b]) || a - b);
    }
    heads.forEach((head, i) => { head.ariaSort = i === column ? way : "none"; });
    if (body.rows.length === rows.length && places.every((i, k) => body.rows[k] === rows[i])) return;
    body.remove(); // rows move faster out of the page
    body.append(...places.map((i) => rows[i]));
    table.append(body);
  }

  function advise(tests) {
    none.replaceChildren(`Nothing has all of this.`);
    const offer = (text, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => { act(); keep(); search.focus(); });
      none.append(" ", button);
    };
    [...selects, search].forEach((field, k) => {
      if (!tests[k]) return;
      const number = rows.filter((_, i) => tests.every((test, j) => j === k || !test || test(i))).length;
      const name = field === search ? search.value : field.selectedOptions[0].dataset.n;
      if (number) offer(`Without “${name}”: ${number}`, () => { field.value = ""; });
    });
    const known = new Set(read().join(" ").split(/[^\p{L}\p{N}]+/u));
    for (const word of list(search.value)) {
      if (read().some((text) => text.includes(word))) continue;
      const near = [...known].filter((other) => Math.abs(other.length - word.length) < 3 && other.length > 3)
        .map((other) => [distance(word, other), other]).filter(([apart]) => apart < 3)
        .sort((a, b) => a[0] - b[0]).slice(0, 3);
      for (const [, other] of near) offer(`Search for “${other}”`, () => {
        search.value = list(search.value).map((one) => one === word ? other : one).join(" ");
      });
    }
    if (none.children.length === 0) none.append(" Search for fewer words, or show all.");
  }

  // the fewest letters to change, add or leave out
  function distance(one, other) {
    let row = [...other, ""].map((_, i) => i);
    for (let i = 1; i <= one.length; i++) {
      const next = [i];
      for (let j = 1; j <= other.length; j++) {
        next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] !== other[j - 1])));
      }
      row = next;
    }
    return row[other.length];
  }

  function clear() {
    for (const field of [search, ...selects]) field.value = "";
    chosen = sorting = null;
  }

  // the address holds what is asked: #register?q=...&source=...&sort=...
  function write() {
    const asked = new URLSearchParams();
    if (search.value) asked.set("q", search.value);
    for (const select of selects) if (select.value) asked.set(select.name, select.selectedOptions[0].dataset.n);
    if (sorting) asked.set("sort", (sorting[1] === "descending" ? "-" : "") + sorting[0]);
    if (chosen) asked.set("only", [...chosen].map((id) => id.slice(6)).join(" "));
    return `${asked}` && `#register?${asked}`;
  }

  function keep(replace) {
    show();
    const hash = write() || "#register";
    if (location.hash !== hash) history[replace ? "replaceState" : "pushState"](null, "", hash);
  }

  function recall() {
    const hash = location.hash;
    if (!hash.startsWith("#register")) return false;
    const asked = new URLSearchParams(hash.slice(10));
    clear();
    search.value = asked.get("q") || "";
    for (const select of selects) {
      const option = [...select.options].find((one) => one.dataset.n === asked.get(select.name));
      select.value = option ? option.value : "";
    }
    const way = asked.get("sort");
    if (way && heads[Math.abs(way)]) sorting = [Math.abs(way), way.startsWith("-") ? "descending" : "ascending"];
    if (asked.has("only")) chosen = new Set(asked.get("only").split(" ").map((id) => `claim-${id}`));
    show();
    return true;
  }

  function reveal(hash) {
    const row = document.getElementById(hash.slice(1))?.closest("table.claims tr");
    if (row?.hidden) clear(), show();
    for (let fold = row?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    return row;
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => {
      const way = sorting && sorting[0] === column ? sorting[1] : "none";
      const next = { none: "ascending", ascending: "descending", descending: "" }[way];
      sorting = next ? [column, next] : null;
      if (!next) heads.forEach((other) => { other.ariaSort = "none"; });
      keep();
    });
    head.append(button);
    head.ariaSort = "none";
  });
  let wait;
  search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => keep(true), 120); });
  for (const select of selects) select.addEventListener("change", () => keep());
  again.addEventListener("click", () => { clear(); keep(); search.focus(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    link.closest("[popover]")?.hidePopover();
    if (link.matches(".here, .claims tbody th a")) copy(link);
    if (!link.dataset.claims) return void reveal(link.getAttribute("href"));
    event.preventDefault();
    clear();
    chosen = new Set(link.dataset.claims.split(" ").map((id) => `claim-${id}`));
    keep();
    fields.scrollIntoView();
    again.focus({ preventScroll: true });
  });
  function copy(link) {
    navigator.clipboard?.writeText(link.href).then(() => {
      const said = Object.assign(document.createElement("span"), { className: "on", role: "status", textContent: " link copied" });
      link.after(said);
      setTimeout(() => said.remove(), 2000);
    }, () => {});
  }
  addEventListener("popstate", () => recall() || reveal(location.hash)?.scrollIntoView());
  addEventListener("beforeprint", () => document.querySelectorAll("details.fold:not(.screen)").forEach((one) => {
    if (!one.open) one.open = one.dataset.shut = true;
  }));
  addEventListener("afterprint", () => document.querySelectorAll("[data-shut]").forEach((one) => {
    one.open = false;
    delete one.dataset.shut;
  }));
  // a mark of a figure says what it leads to
  for (const link of document.querySelectorAll("svg a[href^='#claim-']")) {
    const row = document.getElementById(link.getAttribute("href").slice(1));
    if (!row) continue;
    const [, source, , , , level, says] = row.cells;
    const [name, claim] = [source, says].map((cell) => cell.firstChild.textContent);
    const text = link.dataset.claims ? link.ariaLabel : `${name}: ${claim} (${level.textContent})`;
    if (link.ariaLabel) link.ariaLabel = text;
    const title = document.createElementNS(link.namespaceURI, "title");
    title.textContent = text;
    link.append(title);
  }
  fields.hidden = false;
  if (recall()) register.scrollIntoView();
  else {
    show();
    if (location.hash) reveal(location.hash)?.scrollIntoView();
  }
})();
