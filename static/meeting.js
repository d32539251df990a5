// Adds lines to the parts of a form that repeat; without it the lines that stand there suffice.
for (const button of document.querySelectorAll("[data-add]")) {
  const lines = document.getElementById(button.dataset.add);
  const pattern = document.querySelector(`[data-line-of=${button.dataset.add}]`);
  const show = () => {
    button.hidden = lines.children.length >= Number(button.dataset.most);
  };
  button.addEventListener("click", () => {
    lines.insertAdjacentHTML("beforeend", pattern.innerHTML.split("__n__").join(lines.children.length + 1));
    show();
    lines.lastElementChild.querySelector("textarea, input:not([type=hidden])").focus();
  });
  show();
}
