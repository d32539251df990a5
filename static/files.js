// Says at once, before a slow line carries them, that the chosen files are too many or too large; the server decides.
for (const input of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  const told = document.createElement("div");
  told.className = "err";
  told.setAttribute("role", "alert");
  input.after(told);
  input.addEventListener("change", () => {
    const { mostFiles, mostBytes, tooMany, tooLarge } = input.dataset;
    const files = Array.from(input.files);
    const wrong = files.filter((file) => file.size > Number(mostBytes)).map((file) => `${tooLarge} ${file.name}`);
    if (files.length > Number(mostFiles)) wrong.unshift(tooMany);
    told.replaceChildren(...wrong.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  });
}
