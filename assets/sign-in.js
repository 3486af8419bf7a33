"use strict";

/* The form of /sign-in: posts JSON, says in words what went wrong, goes where one wanted to go. */
(() => {
  const form = document.getElementById("sign-in-form");
  if (!form) return;
  const words = JSON.parse(form.dataset.words);
  const error = document.getElementById("sign-in-error");
  const button = form.querySelector("button");

  const complain = (sentence) => {
    error.textContent = sentence;
    error.hidden = false;
    form.elements.password.select();
  };

  const explain = (status, problem) => {
    if (status === 401 || status === 400) return words.wrong;
    if (status === 429) return words.limited.replace("{seconds}", String(problem.retry_after_s));
    return words.unreachable;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.hidden = true;
    try {
      const answer = await fetch("/api/v1/session", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({
          username: form.elements.username.value,
          password: form.elements.password.value,
        }),
      });
      if (answer.ok) {
        const { role } = await answer.json();
        window.location.assign(JSON.parse(form.dataset.homes)[role] || form.dataset.next);
        return;
      }
      complain(explain(answer.status, await answer.json()));
    } catch {
      complain(words.unreachable);
    } finally {
      button.disabled = false;
    }
  });
})();
