// The search of the book. Everything else is there without it, and so the box is only shown by it.
"use strict";

(function () {
  const most = 40;
  const root = document.body.dataset.root;
  const box = document.getElementById("search");
  const list = document.getElementById("found");
  const index = window.searchIndex || [];
  let chosen = -1;

  box.closest("[hidden]").hidden = false;

  // Titles that begin with what is typed, then those that hold it, then words that hold it.
  function rank(entry, parts) {
    const title = entry[0].toLowerCase();
    const all = (entry[0] + " " + entry[1] + " " + entry[3]).toLowerCase();
    if (!parts.every((part) => all.includes(part))) return -1;
    if (title === parts.join(" ")) return 0;
    if (title.startsWith(parts[0])) return 1;
    if (parts.every((part) => title.includes(part))) return 2;
    return 3;
  }

  function find(typed) {
    const parts = typed.toLowerCase().split(/\s+/).filter(Boolean);
    if (parts.length === 0) return [];
    const found = [];
    index.forEach((entry, place) => {
      const at = rank(entry, parts);
      if (at >= 0) found.push([at, place, entry]);
    });
    found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return found.slice(0, most).map((one) => one[2]);
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function show() {
    const typed = box.value.trim();
    const found = find(typed);
    list.replaceChildren();
    found.forEach((entry, place) => {
      const item = element("li");
      item.setAttribute("role", "option");
      item.id = "found-" + place;
      const link = element("a");
      link.href = root + entry[2];
      link.tabIndex = -1;
      link.append(element("span", "kind", entry[1]), element("strong", "", entry[0]));
      if (entry[3]) link.append(element("span", "words", entry[3]));
      item.append(link);
      list.append(item);
    });
    if (typed && found.length === 0) list.append(element("li", "none", "Nothing is called so."));
    list.hidden = !typed;
    box.setAttribute("aria-expanded", String(!list.hidden));
    choose(found.length > 0 ? 0 : -1);
  }

  function choose(place) {
    const items = list.querySelectorAll("[role=option]");
    chosen = items.length === 0 ? -1 : Math.max(0, Math.min(place, items.length - 1));
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) {
      box.removeAttribute("aria-activedescendant");
    } else {
      box.setAttribute("aria-activedescendant", items[chosen].id);
      items[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
  }

  box.addEventListener("input", show);
  box.addEventListener("focus", () => { if (box.value.trim()) show(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { choose(chosen + 1); event.preventDefault(); }
    if (event.key === "ArrowUp") { choose(chosen - 1); event.preventDefault(); }
    if (event.key === "Escape") { close(); box.blur(); }
    if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
      const link = list.querySelectorAll("[role=option] a")[chosen];
      close();
      window.location.href = link.href;
    }
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest && event.target.closest("input, textarea, select");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });
})();
