"use strict";

/* The page /account: ends sessions one by one or all others, changes the password, signs out. */
(() => {
  const page = document.getElementById("account");
  if (!page) return;
  const words = JSON.parse(page.dataset.words);
  const said = document.getElementById("account-said");
  const error = document.getElementById("account-error");
  const heading = document.getElementById("account-heading");
  const others = document.getElementById("account-end-others");
  const buttons = () => [...page.querySelectorAll("button[data-ref]")];

  const tell = (sentence) => {
    error.hidden = true;
    said.textContent = sentence;
  };

  const complain = (sentence = words.unreachable, where = error) => {
    said.textContent = "";
    where.textContent = sentence;
    where.hidden = false;
  };

  /* Asks for the end of *address*; true when it has ended, or had ended already. */
  const end = async (address, button) => {
    button.disabled = true;
    try {
      const answer = await fetch(address, { method: "DELETE" });
      if (answer.status === 401) window.location.assign("/sign-in?next=%2Faccount");
      if (answer.ok || answer.status === 404) return true;
    } catch {
      /* told below */
    }
    button.disabled = false;
    complain();
    return false;
  };

  const remove = (gone) => {
    gone.forEach((button) => button.closest("li").remove());
    others.hidden = buttons().length === 0;
    heading.focus();
  };

  page.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button || button.type === "submit") return;
    if (button.dataset.ref) {
      if (await end(`/api/v1/me/sessions/${button.dataset.ref}`, button)) {
        remove([button]);
        tell(words.ended);
      }
    } else if (button === others) {
      const gone = buttons();
      if (await end("/api/v1/me/sessions", button)) {
        button.disabled = false;
        remove(gone);
        tell(words.endedOthers);
      }
    } else if (await end("/api/v1/session", button)) {
      window.location.assign("/sign-in");
    }
  });

  /* By the answer: what is wrong, and the field to write anew. */
  const WHY = { 400: ["weak", "chosen"], 409: ["wrong", "present"], 429: ["wait", "present"] };
  const form = document.getElementById("account-password");
  const change = async () => {
    const button = form.querySelector("button");
    const wrong = document.getElementById("account-password-error");
    const { present, chosen } = form.elements;
    button.disabled = true;
    wrong.hidden = true;
    try {
      const answer = await fetch("/api/v1/me/password", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ present: present.value, chosen: chosen.value }),
      });
      if (answer.status === 401) window.location.assign("/sign-in?next=%2Faccount");
      else if (answer.ok) {
        form.reset();
        remove(buttons());
        tell(words.changed);
      } else {
        const [why, name] = WHY[answer.status] || ["unreachable", "present"];
        complain(words[why], wrong);
        form.elements[name].value = "";
        form.elements[name].focus();
      }
    } catch {
      complain(words.unreachable, wrong);
    }
    button.disabled = false;
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      change();
    });
  }
})();
