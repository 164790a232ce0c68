// Asking without leaving the page: the answer comes as server-sent events, whose HTML the server made. Without this
// script every form works by itself, and a question is answered by a whole page.
"use strict";

const find = (selector, within = document) => within.querySelector(selector);
const speak = (words) => { find("#spoken").textContent = words; };

function begin(question) {
  for (const each of document.querySelectorAll("[data-welcome]")) each.remove();
  const title = find("[data-talk-title]");
  if (title) title.hidden = false;
  document.body.classList.remove("empty");
  const turn = find("#asking-template").content.firstElementChild.cloneNode(true);
  find(".question", turn).textContent = question;
  find("[data-turns]").append(turn);
  turn.scrollIntoView({ block: "start" });
  return turn;
}

async function* serverSentEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    waiting += value;
    const parts = waiting.split("\n\n");
    waiting = parts.pop();
    for (const part of parts) {
      const [name, data] = part.split("\ndata: ");
      yield [name.replace("event: ", ""), JSON.parse(data)];
    }
  }
}

function replaceBy(element, html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  const put = made.content.firstElementChild;
  element.replaceWith(put);
  if (window.htmx) window.htmx.process(put);
  return put;
}

const on = {
  evidence(turn, { titles }) {
    const words = titles.length ? `Reading ${titles.slice(0, 2).join(" and ")}` : "Weighing what was found";
    find("[data-progress]", turn).textContent = words;
  },
  text(turn, { text }) {
    find(".working", turn).classList.add("has-text");
    find("[data-text]", turn).textContent += text;
  },
  answer(turn, { html, history, conversation }) {
    const put = replaceBy(turn, html);
    for (const list of document.querySelectorAll("[data-history]")) {
      list.innerHTML = history;
      if (window.htmx) window.htmx.process(list);
    }
    if (conversation) {
      find("[data-composer] [name=conversation]").value = conversation;
      find("[data-composer] textarea").placeholder = "Ask a follow-up";
      window.history.replaceState(null, "", `/conversations/${conversation}`);
      document.title = find(".question", put).textContent;
    }
    speak("The answer is there.");
  },
  failed(turn, { html, note }) {
    if (note) find(".working", turn).replaceWith(note);
    else find(".working", turn).outerHTML = html;
    turn.removeAttribute("aria-busy");
    speak("There is no answer: something went wrong.");
  },
};

const NO_CONNECTION = { title: "No connection", detail: "The service cannot be reached. Try again in a moment." };

// What was refused before there was an answer, as text: whoever is not known any more signs in from the page itself.
function refused({ title, detail, errors, status, request_id: request }) {
  const note = document.createElement("div");
  note.className = "note failed";
  note.setAttribute("role", "alert");
  const add = (kind, words) => { note.append(Object.assign(document.createElement(kind), { textContent: words })); };
  add("h3", title);
  for (const words of [detail, ...(errors || []).map((each) => each.problem)]) {
    if (words) add("p", words[0].toUpperCase() + words.slice(1));
  }
  if (status === 401) {
    add("p", "");
    note.lastChild.append(Object.assign(document.createElement("a"), { href: location.pathname + location.search, textContent: "Sign in" }));
  }
  if (request) {
    add("p", `Request ${request}`);
    note.lastChild.className = "quiet";
  }
  return note;
}

async function ask(form) {
  const composer = find("[data-composer]");
  const fields = new FormData(form);
  if (form !== composer) fields.set("conversation", find("[name=conversation]", composer).value);
  for (const [name, value] of [...fields]) if (!value) fields.delete(name);
  const question = String(fields.get("question") || "").trim();
  if (!question || document.body.dataset.busy) return;
  document.body.dataset.busy = "true";
  const send = find(".send", composer);
  send.disabled = true;
  if (form === composer) find("textarea", composer).value = "";
  const turn = begin(question);
  speak("Looking for the answer.");
  let ended = false, problem = NO_CONNECTION;
  try {
    const response = await fetch("/ask", {
      method: "POST", body: new URLSearchParams(fields), headers: { Accept: "text/event-stream" },
    });
    if (!response.ok || !response.headers.get("content-type").startsWith("text/event-stream")) {
      problem = { title: "No answer", detail: `The service answered with status ${response.status}.`, status: response.status };
      const told = await response.json().catch(() => ({}));
      if (told.title) problem = told;
      throw new Error(problem.detail || problem.title);
    }
    for await (const [name, data] of serverSentEvents(response)) {
      on[name](turn, data);
      ended = name === "answer" || name === "failed";
    }
  } catch (error) {
    if (!ended) console.warn(error);
  } finally {
    if (!ended) {
      on.failed(turn, { note: refused(problem) });
      find("textarea", composer).value ||= question;
    }
    delete document.body.dataset.busy;
    send.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-ask]") && find("[data-turns]") && find("#asking-template")) {
    event.preventDefault();
    ask(form);
  } else if (form.matches(".theme")) {
    event.preventDefault();
    const theme = event.submitter.value;
    document.documentElement.dataset.theme = theme;
    document.cookie = `concord_theme=${theme}; path=/; max-age=31536000; samesite=strict`;
    find(theme === "dark" ? ".to-light" : ".to-dark", form).focus();
  }
});

document.addEventListener("keydown", (event) => {
  const box = find("[data-composer] textarea");
  if (event.target === box && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    box.form.requestSubmit();
  } else if (event.key === "Escape" && find("#drawer[open]")) {
    find("#drawer").open = false;
    find("#drawer > summary").focus();
  } else if (event.key === "/" && box && !event.ctrlKey && !event.metaKey && !event.altKey
             && !event.target.closest("input, textarea, select, [contenteditable]")) {
    event.preventDefault();
    box.focus();
  }
});

// A choice by mouse or touch is sent at once. One by keys is not: the arrow that makes it may be on its way to another.
let byKey = false;
document.addEventListener("pointerdown", () => { byKey = false; }, true);
document.addEventListener("keydown", (event) => {
  byKey = true;
  if (event.key === "Enter" && event.target.matches("[data-submit-on-change].chosen select")) event.target.form.submit();
}, true);

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-submit-on-change]")) {
    if (byKey) form.classList.add("chosen");
    else form.submit();
  }
  if (event.target.matches("[data-past]")) event.target.classList.toggle("chosen", Boolean(event.target.value));
});

// The menu of a narrow page lies over the rest of it: it goes where the focus leaves it.
document.addEventListener("focusin", (event) => {
  const drawer = find("#drawer[open]");
  if (drawer && !drawer.contains(event.target)) drawer.open = false;
});

// Where a part of the page took the place of what had the focus, the focus is on what it says.
document.addEventListener("htmx:after:swap", (event) => {
  const said = find(".said", event.target);
  if (document.activeElement !== document.body || !said) return;
  said.tabIndex = -1;
  said.focus();
});

// What has the focus is never behind the box for questions, however tall that grows.
const place = find(".composer-place");
if (place) {
  const told = () => document.documentElement.style.setProperty("--composer", `${place.offsetHeight}px`);
  new ResizeObserver(told).observe(place);
}

for (const picked of document.querySelectorAll("[data-past]")) picked.max = new Date().toISOString().slice(0, 10);
