// Cases by keyboard: j and k go from one to the next, Enter opens, a acknowledges; ? says which keys there are, and has
// a switch that turns them off. Without this script every list, link and form works by itself.
"use strict";

(() => {
  const OFF = "concord_keys_off";
  const rows = () => [...document.querySelectorAll("[data-case]")];
  const help = document.querySelector("[data-keys]");
  const hint = document.querySelector("[data-keys-hint]");
  const off = () => localStorage.getItem(OFF) === "yes";

  function choose(row) {
    for (const each of rows()) each.classList.toggle("current", each === row);
    row.querySelector("[data-open]").focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((each) => each.classList.contains("current") || each.contains(document.activeElement));
    choose(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  const chosen = () => rows().find((each) => each.classList.contains("current") || each.contains(document.activeElement));
  const page = () => document.querySelector("[data-one-case]");

  function acknowledge() {
    const form = (chosen() || page() || document.createElement("p")).querySelector("[data-acknowledge]");
    if (form) form.requestSubmit();
  }

  function open(key) {
    const row = chosen();
    if (row) {
      window.location.assign(`${row.querySelector("[data-open]").href}#act-${key}`);
      return;
    }
    const act = document.querySelector(`[data-act="${key}"]`);
    if (!act) return;
    act.open = true;
    act.querySelector("textarea, input:not([type=hidden]), select").focus();
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: acknowledge,
    r: () => open("r"),
    s: () => open("s"),
    f: () => open("f"),
    u: () => page() && window.location.assign("/cases?state=open&mine=yes"),
    "?": () => help && help.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || off()) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (!rows().length && !page()) return;
    const act = Object.hasOwn(keys, event.key) && keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (help) {
    hint.hidden = !(rows().length || page());
    hint.querySelector("[data-keys-open]").addEventListener("click", () => help.showModal());
    const box = help.querySelector("[data-keys-on]");
    box.checked = !off();
    box.addEventListener("change", () => {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "yes");
    });
  }

  const named = window.location.hash;
  if (named.startsWith("#act-")) open(named.slice(5));
  const row = /^#case-\d+$/.test(named) && document.querySelector(named);
  if (row) choose(row);
})();
