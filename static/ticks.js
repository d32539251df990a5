// A field above a long box of ticks that leaves only those with every word that is typed; what is ticked always stays.
// The letters that people swap are one here: кармакшы finds Қармақшы.
const FOLDED = { ә: "а", ғ: "г", қ: "к", ң: "н", ө: "о", ұ: "у", ү: "у", һ: "х", і: "и", ё: "е" };
const fold = (text) => text.toLowerCase().replace(/[әғқңөұүһіё]/g, (letter) => FOLDED[letter]);

for (const box of document.querySelectorAll("[data-ticks]")) {
  const labels = [...box.querySelectorAll("label")].map((label) => ({ label, text: fold(label.textContent) }));
  if (labels.length < 8) continue;
  const field = Object.assign(document.createElement("input"), { type: "search", className: "in", autocomplete: "off" });
  field.placeholder = box.dataset.ticks;
  field.setAttribute("aria-label", box.dataset.ticks);
  box.before(field);
  field.addEventListener("input", () => {
    const words = fold(field.value).split(/\s+/);
    for (const { label, text } of labels) {
      label.hidden = !label.querySelector("input").checked && !words.every((word) => text.includes(word));
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // a search is not a submission
  });
}
