// What pages gain with a script: local times, fresh content, charts. Everything works without it, only less fresh.
"use strict";

(() => {
  const locale = document.body.dataset.locale || "en";

  // Times stand in the page in UTC and in 24 hours, as in charts and logs; here they become the reader's own, with the exact moment on hover.
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const day = { hourCycle: "h23" };
  const exact = new Intl.DateTimeFormat(locale, { ...day, dateStyle: "medium", timeStyle: "medium" });
  const clock = new Intl.DateTimeFormat(locale, { ...day, timeStyle: "medium" });
  const full = new Intl.DateTimeFormat(locale, { ...day, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const short = new Intl.DateTimeFormat(locale, { ...day, dateStyle: "medium", timeStyle: "short" });

  function age(seconds) {
    for (const [unit, size] of units) {
      if (Math.abs(seconds) >= size) return relative.format(Math.round(-seconds / size), unit);
    }
    return document.body.dataset.now || relative.format(0, "second");
  }

  function showTimes(within) {
    for (const element of within.querySelectorAll("time[datetime]")) {
      const moment = new Date(element.dateTime);
      if (Number.isNaN(moment.getTime())) continue;
      const seconds = (Date.now() - moment.getTime()) / 1000;
      element.title = exact.format(moment);
      if (element.hasAttribute("data-clock")) {
        element.textContent = (seconds < 86400 ? clock : full).format(moment);
        continue;
      }
      const isNear = Math.abs(seconds) < 3 * 86400 && !element.hasAttribute("data-exact");
      const words = isNear ? age(seconds) : (element.hasAttribute("data-exact") ? exact : short).format(moment);
      // In an order of events the age alone does not tell which came first.
      const isOrdered = isNear && element.closest(".timeline, .badges, .facts, .stamped") && !element.closest(".from");
      element.textContent = isOrdered ? `${(seconds < 86400 ? clock : full).format(moment)} · ${words}` : words;
    }
  }

  // A narrow window begins with the menu closed.
  const menu = document.querySelector("details.menu");
  if (menu && window.matchMedia("(max-width: 959px)").matches) menu.open = false;
  const sections = document.querySelector("details.parts");
  if (sections && window.matchMedia("(max-width: 759px)").matches) sections.open = false;

  // What a button opened over the page closes with Escape, and when something beside it is touched.
  function closeActs(but) {
    for (const act of document.querySelectorAll("details.act[open]")) if (!but || !act.contains(but)) act.open = false;
  }
  document.addEventListener("click", (event) => {
    if (event.target.isConnected && !event.target.closest("details.act")) closeActs(null);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.activeElement?.closest("details.act[open]")?.querySelector("summary").focus();
    closeActs(null);
  });

  // Fresh content: the collector says what kind of thing changed, and the parts of the page that show it are asked for
  // again. A part that somebody is working in waits until they are done.
  const parts = () => [...document.querySelectorAll("[data-live][id]")];
  let wanted = new Set();
  let waiting = null;

  function isBusy(part) {
    const active = document.activeElement;
    const isWritten = [...part.querySelectorAll("input[name]:not([type=hidden], [type=checkbox]), textarea")]
      .some((field) => field.value !== field.defaultValue);
    return isWritten || active && part.contains(active) && active.matches("input:not([type=hidden]), select, textarea");
  }

  async function refresh() {
    waiting = null;
    const topics = wanted;
    const stale = parts().filter((part) => part.dataset.live.split(" ").some((topic) => topics.has(topic)));
    const ready = stale.filter((part) => !isBusy(part));
    if (ready.length < stale.length) plan(3000);
    else wanted = new Set();
    if (ready.length === 0) return;
    let page;
    try {
      const answer = await fetch(location.href, { credentials: "same-origin", headers: { accept: "text/html" } });
      if (answer.redirected || !answer.ok) return;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return;
    }
    for (const part of ready) {
      const fresh = page.getElementById(part.id);
      if (fresh) replace(part, fresh);
    }
  }

  // What a part was made from: one that comes back the same stays, with whatever is hovered or scrolled in it.
  const madeFrom = new WeakMap();

  function replace(part, fresh) {
    const source = fresh.outerHTML;
    if (madeFrom.get(part) === source) return;
    const open = new Map([...part.querySelectorAll("details[id]")].map((details) => [details.id, details.open]));
    const scrolled = part.querySelector(".map");
    const isWhole = scrolled?.classList.contains("fit");
    const known = new Set([...part.querySelectorAll("[data-key]")].map((row) => row.dataset.key));
    // What was chosen stays chosen.
    for (const box of part.querySelectorAll("input[type=checkbox][id]:checked")) {
      fresh.querySelector("#" + CSS.escape(box.id))?.setAttribute("checked", "");
    }
    for (const details of fresh.querySelectorAll("details[id]")) {
      if (open.has(details.id)) details.open = open.get(details.id);
    }
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const adopted = document.importNode(fresh, true);
    part.replaceWith(adopted);
    madeFrom.set(adopted, source);
    openMaps(adopted, true);
    for (const map of adopted.querySelectorAll(".map.wider")) fit(map, isWhole);
    if (scrolled) adopted.querySelector(".map")?.scrollTo(scrolled.scrollLeft, scrolled.scrollTop);
    showTimes(adopted);
    drawCharts(adopted);
    askAgain();
    const rows = [...adopted.querySelectorAll("[data-key]")];
    const news = known.size > 0 ? rows.filter((row) => !known.has(row.dataset.key)) : [];
    for (const row of news) row.classList.add("fresh");
    const title = news.length > 0 ? news[0].querySelector(".line-title") : null;
    if (title) document.getElementById("news").textContent = title.textContent;
    if (focused) document.getElementById(focused)?.focus();
  }

  // What is being made while the page is read is asked for again.
  function askAgain() {
    for (const part of document.querySelectorAll("[data-live][data-again]")) {
      for (const topic of part.dataset.live.split(" ")) wanted.add(topic);
      plan(Number(part.dataset.again) * 1000);
    }
  }

  function plan(delay) {
    if (waiting === null) waiting = setTimeout(refresh, delay);
  }

  function listen(address) {
    const source = new EventSource(address);
    let lost = null;
    source.addEventListener("change", (event) => {
      for (const topic of event.data.split(" ")) wanted.add(topic);
      if (document.visibilityState === "visible") plan(150);
    });
    source.addEventListener("open", () => {
      clearTimeout(lost);
      lost = null;
      document.querySelector(".lost")?.remove();
    });
    source.addEventListener("error", () => {
      lost ??= setTimeout(() => {
        if (document.querySelector(".lost")) return;
        const note = document.createElement("p");
        note.className = "lost";
        note.setAttribute("role", "status");
        note.textContent = document.body.dataset.lost;
        document.getElementById("main").prepend(note);
      }, 5000);
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && wanted.size > 0) plan(50);
    });
    window.addEventListener("pagehide", () => source.close());
  }

  // Charts: a canvas names where its values are; without Chart.js the newest value beside it must do.
  const tones = () => getComputedStyle(document.documentElement);

  function drawCharts(within) {
    if (typeof Chart === "undefined") return;
    // A chart is drawn when it comes into sight: a page may have many.
    const sight = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        sight.unobserve(entry.target);
        drawChart(entry.target);
      }
    }, { rootMargin: "300px" });
    for (const canvas of within.querySelectorAll("canvas[data-values]")) sight.observe(canvas);
  }

  // Three to five times between two moments, at full hours or parts of one, in the reader's own zone.
  function roundTimes(from, to) {
    const minute = 60000;
    const steps = [1, 2, 5, 15, 30, 60, 120, 360, 720, 1440].map((minutes) => minutes * minute);
    const step = steps.find((size) => (to - from) / size <= 4.5) ?? 1440 * minute;
    const zone = new Date(from).getTimezoneOffset() * minute;
    const times = [];
    for (let time = Math.ceil((from - zone) / step) * step + zone; time <= to; time += step) times.push(time);
    return times;
  }

  async function drawChart(canvas) {
    const colour = (name) => tones().getPropertyValue(name).trim();
    let series;
    try {
      const answer = await fetch(canvas.dataset.values, { credentials: "same-origin" });
      if (!answer.ok) return;
      series = await answer.json();
    } catch {
      return;
    }
    const times = series.times.map((time) => new Date(time));
    // A line goes over no time in which nothing was measured; what stands alone is a dot.
    const gaps = times.slice(1).map((time, index) => time - times[index]).sort((one, other) => one - other);
    const usual = gaps[Math.floor(gaps.length / 2)] ?? 0;
    const points = [];
    for (const [index, time] of times.entries()) {
      if (index > 0 && time - times[index - 1] > Math.max(4 * usual, 300000)) points.push({ x: times[index - 1].getTime() + 1, y: null });
      points.push({ x: time.getTime(), y: series.values[index] });
    }
    const isAlone = (index) => points[index]?.y != null && points[index - 1]?.y == null && points[index + 1]?.y == null;
    // Every chart of a page covers the same span, with its marks at the same round times.
    const [from, to] = [Date.parse(canvas.dataset.from), Date.parse(canvas.dataset.to)];
    const marks = roundTimes(from, to);
    const isLong = to - from > 86400000;
    const form = new Intl.DateTimeFormat(locale, isLong
      ? { month: "numeric", day: "numeric" } : { hour: "2-digit", minute: "2-digit", ...day });
    const hover = new Intl.DateTimeFormat(locale, { ...day, dateStyle: "medium", timeStyle: "medium" });
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, {
      type: "line",
      data: {
        datasets: [{
          label: canvas.dataset.label, data: points, borderColor: colour("--accent"), borderWidth: 1.5,
          pointRadius: (context) => (isAlone(context.dataIndex) ? 2.5 : 0), pointBackgroundColor: colour("--accent"), fill: false, tension: 0.15,
        }],
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false,
        parsing: false,
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { title: (items) => items.map((item) => hover.format(new Date(item.parsed.x))) } },
        },
        scales: {
          x: {
            type: "linear", min: from, max: to, grid: { display: false },
            afterBuildTicks: (axis) => { axis.ticks = marks.map((value) => ({ value })); },
            ticks: { maxRotation: 0, autoSkip: false, color: colour("--soft"), callback: (value) => form.format(new Date(value)) },
          },
          // As wide on every chart, so that the same time stands at the same place.
          y: { afterFit: (axis) => { axis.width = Math.max(axis.width, 64); }, beginAtZero: true, ticks: { maxTicksLimit: 5, color: colour("--soft"), callback: (value) => (series.unit ? `${value} ${series.unit}` : value) }, grid: { color: colour("--edge") } },
        },
      },
    });
  }

  // A moment is typed in the reader's own time and sent in UTC, exact to the millisecond.
  const moments = new WeakMap();
  for (const field of document.querySelectorAll("input[type=datetime-local][data-moment]")) {
    const sent = document.createElement("input");
    sent.type = "hidden";
    sent.name = field.name;
    field.removeAttribute("name");
    field.after(sent);
    field.parentElement.querySelector(".utc")?.remove();
    const show = (moment) => {
      sent.value = moment;
      const time = new Date(moment);
      const local = new Date(time.getTime() - time.getTimezoneOffset() * 60000);
      field.value = moment ? local.toISOString().slice(0, 19) : "";
    };
    field.addEventListener("input", () => {
      sent.value = field.value ? new Date(field.value).toISOString() : "";
    });
    show(field.dataset.moment);
    moments.set(field, show);
  }

  // The as-of slider: its positions are the moments at which something changed, the last one is now.
  for (const slider of document.querySelectorAll("input[type=range][data-moments]")) {
    const stops = slider.dataset.moments.split(" ");
    const field = document.getElementById(slider.dataset.field);
    const shown = document.getElementById(slider.dataset.shown);
    const show = () => {
      const moment = stops[Number(slider.value)];
      if (shown) shown.textContent = moment ? exact.format(new Date(moment)) : slider.dataset.now;
      return moment || "";
    };
    show();
    slider.addEventListener("input", () => {
      const moment = show();
      if (moments.has(field)) moments.get(field)(moment);
      else if (field) field.value = moment;
    });
    slider.addEventListener("change", () => slider.form.requestSubmit());
  }

  // A map that is wider than its window says so. Where it stays readable it is shown whole; else it begins at what it is
  // about, and a button shows the whole of it.
  const readable = 0.5;

  function openMaps(within, isFresh) {
    for (const map of within.querySelectorAll(".map")) {
      fit(map, false);
      const share = map.clientWidth / map.scrollWidth;
      map.classList.toggle("wider", map.scrollWidth > map.clientWidth + 1);
      if (isFresh) continue;
      if (map.classList.contains("wider") && share >= readable) fit(map, true);
      else begin(map);
    }
  }

  // What the button says when the map is shown the other way.
  function fit(map, isWhole) {
    const button = map.nextElementSibling?.querySelector(".map-fit");
    if (!button || map.classList.contains("fit") === Boolean(isWhole)) return;
    map.classList.toggle("fit", Boolean(isWhole));
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".map-fit");
    if (!button) return;
    const map = button.closest(".map-wider").previousElementSibling;
    fit(map, !map.classList.contains("fit"));
    if (!map.classList.contains("fit")) begin(map);
  });

  function begin(map) {
    const root = map.querySelector(".root")?.getBoundingClientRect();
    const frame = map.getBoundingClientRect();
    if (root) map.scrollTo(root.left - frame.left - frame.width / 3, root.top - frame.top - (frame.height - root.height) / 2);
  }

  openMaps(document, false);
  window.addEventListener("resize", () => {
    for (const map of document.querySelectorAll(".map")) {
      const isWhole = map.classList.contains("fit");
      openMaps(map.parentElement, true);
      fit(map, isWhole && map.classList.contains("wider"));
    }
  });

  showTimes(document);
  drawCharts(document);
  askAgain();
  setInterval(() => showTimes(document), 30000);
  // What tells no change still goes on: when something was checked or heard last.
  setInterval(() => {
    if (document.visibilityState !== "visible") return;
    for (const part of parts()) for (const topic of part.dataset.live.split(" ")) wanted.add(topic);
    plan(0);
  }, 60000);
  if (document.body.dataset.liveFrom) listen(document.body.dataset.liveFrom);
})();
