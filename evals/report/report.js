"use strict";
(() => {
  const list = document.getElementById("case-list");
  const form = document.getElementById("filter");
  const count = document.getElementById("count");
  const rows = [...list.children];
  const texts = new Map();
  const text = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const values = (row) => row.dataset.v.split(",").map((value) => (value === "" ? null : Number(value)));

  function apply() {
    const words = form.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const holds =
        (!form.status.value || row.dataset.s === form.status.value) &&
        (!form.cell || !form.cell.value || row.dataset.c === form.cell.value) &&
        (!form.tag.value || row.dataset.t.split("|").includes(form.tag.value)) &&
        words.every((word) => text(row).includes(word));
      row.hidden = !holds;
      shown += holds;
    }
    count.textContent = `${shown} of ${rows.length} cases`;
  }

  function sort() {
    const [by, way] = form.order.value.split(" ");
    const place = Number(by);
    const rank = (row) => {
      if (by === "worst") return Number(row.dataset.n);
      const value = values(row)[place];
      return value === null ? Infinity : way === "down" ? -value : value;
    };
    rows.sort((a, b) => rank(a) - rank(b) || a.dataset.n - b.dataset.n);
    list.append(...rows);
  }

  function open(wanted) {
    for (const row of rows) if (!row.hidden) row.firstElementChild.open = wanted;
  }

  form.hidden = false;
  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target === form.order) sort();
    else waiting = setTimeout(apply, event.target === form.q ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { sort(); apply(); }, 0));
  document.getElementById("open").addEventListener("click", () => open(true));
  document.getElementById("close").addEventListener("click", () => open(false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      form.q.focus();
    } else if (event.key === "Escape" && event.target === form.q) {
      form.q.value = "";
      apply();
    }
  });
  apply();
})();
