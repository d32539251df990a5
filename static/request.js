// Of a form shows the parts that what is chosen asks for: data-when names the field, data-is what is chosen in it. What is
// not shown is not sent. Without it all parts stand there, and say when they are needed.
for (const part of document.querySelectorAll("[data-when]")) {
  const form = part.closest("form");
  const fields = Array.from(part.querySelectorAll("input, select, textarea"));
  const show = () => {
    const chosen = new FormData(form).get(part.dataset.when) || "";
    part.hidden = !part.dataset.is.split(" ").includes(chosen);
    for (const field of fields) field.disabled = part.hidden;
  };
  form.addEventListener("change", show);
  show();
}
