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

// Sends a form only while the reader is logged in: no browser keeps what is typed of a person, and on the way to the login
// it would be lost. data-awake is the address of a page that is shown to who may send the form; it brings a fresh token.
for (const form of document.querySelectorAll("form[data-awake]")) {
  const [out, away] = ["out", "away"].map((why) => form.querySelector(`[data-asleep=${why}]`));
  let isAsking = false;
  const ask = async () => {
    const answer = await fetch(form.dataset.awake, { cache: "no-store" });
    if (answer.redirected) out.querySelector("a").href = answer.url;
    if (answer.redirected || !answer.ok) return answer.redirected ? out : away;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.elements.csrfmiddlewaretoken.value = page.querySelector("[name=csrfmiddlewaretoken]").value;
    return null;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    out.hidden = away.hidden = true;
    const why = await ask().catch(() => away);
    if (why) why.hidden = false;
    else form.submit();
    isAsking = false;
  });
}
