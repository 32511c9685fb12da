// What a script adds: cross-hair and arrow keys on charts, keys for search and new, copied links.
// Every page is whole without it.
"use strict";

function setUpChart(figure) {
  const readout = figure.querySelector(".readout");
  for (const svg of figure.querySelectorAll("svg.chart")) {
    const plot = svg.querySelector(".plot");
    const months = plot.dataset.months.split(" ");
    const bands = [...plot.querySelectorAll(".band")].map((band) => ({
      name: band.dataset.name,
      texts: band.dataset.texts.split(" "),
    })).reverse();
    const left = Number(plot.dataset.left);
    const width = Number(plot.dataset.right) - left;
    const last = months.length - 1;
    const line = document.createElementNS(svg.namespaceURI, "line");
    line.setAttribute("class", "cross");
    line.setAttribute("y1", plot.dataset.top);
    line.setAttribute("y2", plot.dataset.bottom);
    plot.append(line);
    svg.setAttribute("tabindex", "0");
    let place = last;

    const show = (index) => {
      place = Math.min(Math.max(index, 0), last);
      const x = left + (last ? (place / last) * width : 0);
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      line.classList.add("shown");
      readout.textContent = months[place] + ": " +
        bands.map((band) => band.name + " " + band.texts[place]).join(" · ");
      readout.hidden = false;
    };
    const hide = () => {
      line.classList.remove("shown");
      readout.hidden = true;
    };
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) * (svg.viewBox.baseVal.width / box.width);
      show(Math.round(((x - left) / width) * last));
    });
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("focus", () => show(place));
    svg.addEventListener("blur", hide);
    svg.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12, Home: -last, End: last };
      if (event.key in steps) {
        event.preventDefault();
        show(place + steps[event.key]);
      } else if (event.key === "Escape") {
        hide();
      }
    });
  }
}

function setUpKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const search = document.getElementById("search");
    const fresh = document.querySelector("a[data-new]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "n" && fresh) {
      fresh.click();
    }
  });
}

function setUpCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const label = [...button.childNodes];
    button.hidden = false;
    button.addEventListener("click", async () => {
      const shown = document.getElementById(button.dataset.copies);
      await navigator.clipboard.writeText(shown ? shown.textContent : location.href);
      button.textContent = "Copied";
      setTimeout(() => { button.replaceChildren(...label); }, 1500);
    });
  }
}

function nameThisHost() {
  for (const code of document.querySelectorAll("code[data-path]")) {
    code.textContent = code.textContent.replace(code.dataset.path, location.origin + code.dataset.path);
  }
}

// A file that is being worked on: ask now and then, and show the page again once it is done.
function setUpPolling() {
  const waiting = document.querySelector("[data-poll]");
  if (!waiting) return;
  const ask = async () => {
    const answer = await fetch(waiting.dataset.poll).catch(() => null);
    if (answer && answer.ok && !(await answer.json()).is_unfinished) location.reload();
    else setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
}

document.querySelectorAll("[data-chart]").forEach(setUpChart);
setUpKeys();
setUpCopying();
nameThisHost();
setUpPolling();
