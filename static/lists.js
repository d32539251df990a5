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
  const picked = form.querySelector("[data-picked]");
  if (!boxes.length || !picked) continue;
  const all = picked.querySelector("[data-pick-all]");
  const show = () => {
    const n = boxes.filter((box) => box.checked).length;
    picked.querySelector("b").textContent = n;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
  };
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes) box.checked = all.checked;
    show();
  });
  picked.hidden = false;
  show();
}
