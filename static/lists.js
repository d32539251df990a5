// Comfort for the lists; every one of them works without it.

// Empty fields do not make the address longer.
for (const form of document.querySelectorAll("[data-sieve]")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (!value.trim()) event.formData.delete(name);
  });
}

// How many measures are selected, and all of the page at one press.
for (const form of document.querySelectorAll("[data-several]")) {
  const boxes = [...form.querySelectorAll("[name=measure]")];
  const line = form.querySelector("[data-all]");
  const picked = form.querySelector("[data-picked]");
  if (!boxes.length) continue;
  const all = line.querySelector("input");
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    picked.querySelector("b").textContent = count;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    show();
  });
  line.hidden = picked.hidden = false;
  show();
  addEventListener("pageshow", show); // gone back to: the browser puts the ticks back after this script has run
}
