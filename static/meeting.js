// Of the parts of a form that repeat, shows what is filled in and as many empty lines as a part begins with; a button
// brings the next. Without it all lines stand there, and suffice.
const fieldsOf = (line) => Array.from(line.querySelectorAll("textarea, select, input:not([type=hidden])"));
const says = (line) => line.querySelector(".bad") || fieldsOf(line).some((field) => field.value.trim());

for (const button of document.querySelectorAll("[data-add]")) {
  const lines = document.getElementById(button.dataset.add);
  const pattern = document.querySelector(`[data-line-of=${button.dataset.add}]`);
  const waiting = () => Array.from(lines.children).find((line) => line.hidden);
  const show = () => {
    button.hidden = !waiting() && lines.children.length >= Number(button.dataset.most);
  };
  const empty = Array.from(lines.children).filter((line) => !says(line));
  for (const line of empty.slice(Number(button.dataset.empty))) line.hidden = true;
  button.addEventListener("click", () => {
    if (!waiting()) lines.insertAdjacentHTML("beforeend", pattern.innerHTML.split("__n__").join(lines.children.length + 1));
    const line = waiting() || lines.lastElementChild;
    line.hidden = false;
    show();
    fieldsOf(line)[0].focus();
  });
  show();
  // Gone back to: the browser puts back what was typed after this script has run.
  addEventListener("pageshow", () => {
    for (const line of lines.children) if (says(line)) line.hidden = false;
    show();
  });
}
