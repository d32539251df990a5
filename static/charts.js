// Charts to explore: Plotly is loaded when somebody asks for it, and wears the colours of the page.
// Beside every chart stands its table; without this script nothing is missing.
"use strict";

const LOCALES = {
  kk: {
    dictionary: {
      "Autoscale": "Автомасштаб", "Download plot as a PNG": "PNG ретінде жүктеу", "Download plot": "Диаграмманы жүктеу",
      "Pan": "Жылжыту", "Reset axes": "Осьтерді қалпына келтіру", "Zoom": "Үлкейту", "Zoom in": "Жақындату",
      "Zoom out": "Алыстату", "Double-click to zoom back out": "Қайтару үшін екі рет басыңыз",
    },
    format: { decimal: ",", thousands: "\u00a0" },
  },
  ru: {
    dictionary: {
      "Autoscale": "Автомасштаб", "Download plot as a PNG": "Скачать как PNG", "Download plot": "Скачать диаграмму",
      "Pan": "Сдвинуть", "Reset axes": "Вернуть оси", "Zoom": "Увеличить", "Zoom in": "Ближе", "Zoom out": "Дальше",
      "Double-click to zoom back out": "Двойной щелчок вернёт масштаб",
    },
    format: { decimal: ",", thousands: "\u00a0" },
  },
};

function colour(name) {
  const probe = document.createElement("i");
  probe.className = `probe${name}`; // .probe--aqua { color: var(--aqua) } in site.css
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

// Charts come in the colours of the light theme (amanat_tracker/chartstyle.py); the page may be dark.
const THEMED = { "#00676d": "--aqua", "#4c5d5b": "--mute", "#855000": "--amber" };

function coloured(value) {
  if (typeof value === "string") return value in THEMED ? colour(THEMED[value]) : value;
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v)]));
  return value;
}

function loaded(src) {
  if (window.Plotly) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = src;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function explore(box) {
  const button = box.querySelector("button");
  const plot = box.querySelector(".plot");
  button.disabled = true;
  try {
    await loaded(box.dataset.script);
  } catch {
    button.disabled = false; // the line broke: press again
    return;
  }
  const { figure, config } = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const ink = colour("--ink");
  const line = { gridcolor: colour("--line"), linecolor: colour("--mute"), zerolinecolor: colour("--line") };
  const layout = {
    ...coloured(figure.layout),
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: ink, family: getComputedStyle(document.body).fontFamily },
  };
  layout.xaxis = { ...layout.xaxis, ...line };
  layout.yaxis = { ...layout.yaxis, ...line };
  layout.hoverlabel = { bgcolor: colour("--paper"), font: { color: ink } };
  const locale = LOCALES[box.dataset.locale];
  if (locale) Plotly.register({ moduleType: "locale", name: box.dataset.locale, ...locale });
  plot.hidden = false;
  await Plotly.newPlot(plot, coloured(figure.data), layout, { ...config, locale: locale ? box.dataset.locale : "en-US" });
  button.hidden = true;
}

for (const box of document.querySelectorAll("[data-chart]")) {
  const button = box.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => explore(box));
}
